import { ERRORS, type ErrorCode } from "../errors.ts";

/** What a problem may say besides its code. */
export interface ProblemFields {
  /** English, for developers; nothing that a provider wrote. */
  readonly detail?: string | undefined;
  /** `K7Q2-9FMX`: finds the event in the audit log. */
  readonly reference?: string | undefined;
  readonly signInUrl?: string | undefined;
  readonly stepUpUrl?: string | undefined;
  /** How long ago somebody may have signed in to be let in, in seconds. */
  readonly maxAgeSeconds?: number | undefined;
  /** Seconds. */
  readonly retryAfter?: number | undefined;
}

/** The answer to an API caller when something went wrong (RFC 9457). Clients go by `code`; `title` follows from it. */
export function problem(code: ErrorCode, fields: ProblemFields = {}): Response {
  const { status } = ERRORS[code];
  const { retryAfter, ...told } = fields;
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (retryAfter !== undefined) headers.set("retry-after", String(Math.ceil(retryAfter)));
  const body = { type: "about:blank", title: titleOf(code), status, code, ...told };
  return new Response(JSON.stringify(body), { status, headers });
}

/** `permission_denied` reads "Permission denied". */
function titleOf(code: ErrorCode): string {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
