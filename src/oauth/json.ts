import { OAuthFailure } from "./oauth-failure.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Parses JSON so that ids survive: whole numbers beyond 2^53 become strings of their digits instead of being rounded.
 * Members called `__proto__` are left out. @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  // Looking is cheaper than reviving, and most answers hold nothing of either kind.
  return NEEDS_CARE.test(text) ? JSON.parse(text, careful) : JSON.parse(text);
}

/** The value when it is a JSON object, otherwise `null`. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The body of an answer as JSON, whatever it holds. @throws OAuthFailure `content_type`, `json_malformed` */
export async function readJson(response: Response, endpoint: string): Promise<unknown> {
  const detail = { endpoint, status: response.status };
  if (!isJson(response)) throw new OAuthFailure("provider_untrusted", "content_type", detail);
  try {
    return parseJson(await response.text());
  } catch {
    throw new OAuthFailure("provider_untrusted", "json_malformed", detail);
  }
}

/** Like `readJson`, but it must be an object. */
export async function readJsonObject(response: Response, endpoint: string): Promise<JsonObject> {
  const body = asObject(await readJson(response, endpoint));
  if (body !== null) return body;
  throw new OAuthFailure("provider_untrusted", "json_malformed", { endpoint, status: response.status });
}

/** The media type of an answer, without parameters, in lower case. */
export function mediaType(response: Response): string {
  return (response.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

/** Whether an answer says that it is JSON: `application/json` or `application/…+json`. */
export function isJson(response: Response): boolean {
  return /^application\/([\w.-]+\+)?json$/.test(mediaType(response));
}

const NEEDS_CARE = /\d{16}|__proto__|\\u/;

function careful(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === "__proto__") return undefined;
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
