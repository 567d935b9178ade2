import { failureOf, type ToldFailure } from "./failure-kind.ts";
import { isOutage } from "./is-outage.ts";
import { asObject, isJson, parseJson } from "./json.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import { statusFailure } from "./resource.ts";

/** How an answer is written. Without one it is JSON, and must say so. */
export type Codec = "json" | "form" | "jsonp" | "auto";

/** How an answer is to be understood. */
export interface AnswerReading {
  readonly codec?: Codec;
  failure?(body: unknown, status: number): ToldFailure | null;
  unwrap?(body: unknown): unknown;
}

/** Looks at an answer before it is believed, such as at its signature. @throws OAuthFailure */
export type Inspect = (raw: string) => void;

/** The content of an answer with status 200 that tells of no failure. @throws OAuthFailure */
export async function readAnswer(
  response: Response,
  reading: AnswerReading,
  endpoint: string,
  inspect?: Inspect,
): Promise<unknown> {
  const { raw, body, unreadable } = await openAnswer(response, reading, endpoint);
  if (response.status !== 200 || body === undefined) throw unreadable();
  inspect?.(raw);
  return reading.unwrap === undefined ? body : reading.unwrap(body);
}

/** A parsed answer whose failure hook found nothing. */
export interface OpenedAnswer {
  readonly raw: string;
  /** `undefined` = it could not be read. */
  readonly body: unknown;
  /** What it is when it has another status than 200, or cannot be read. */
  readonly unreadable: () => OAuthFailure;
}

/** Parses an answer and asks the failure hook. What came with an error status need not be readable. @throws OAuthFailure */
export async function openAnswer(
  response: Response,
  reading: AnswerReading,
  endpoint: string,
): Promise<OpenedAnswer> {
  const { codec } = reading;
  const detail = { endpoint, status: response.status };
  const raw = await response.text();
  const body = codec === undefined && !isJson(response) ? undefined : decode(raw, codec ?? "json");
  if (body !== undefined) {
    const told = reading.failure?.(body, response.status) ?? null;
    // A server that is down may say anything: then only what it means to say counts, not that it makes no sense.
    if (told !== null && !(told.kind === "protocol" && isOutage(response.status))) {
      throw failureOf(told, detail);
    }
  }
  const status = response.status;
  if (status !== 200) return { raw, body, unreadable: () => statusFailure(status, endpoint) };
  const reason = codec === undefined && !isJson(response) ? "content_type" : MALFORMED[codec ?? "json"];
  return { raw, body, unreadable: () => new OAuthFailure("provider_untrusted", reason, detail) };
}

const MALFORMED: Readonly<Record<Codec, string>> = {
  json: "json_malformed",
  form: "form_malformed",
  jsonp: "jsonp_malformed",
  auto: "body_malformed",
};

/** The value of a text in this codec; `undefined` = it is none. */
function decode(text: string, codec: Codec): unknown {
  switch (codec) {
    case "json":
      return json(text);
    case "jsonp":
      return jsonp(text);
    case "form":
      return form(text);
    case "auto":
      // JSONP before form: what it carries may hold a `=`.
      return json(text) ?? jsonp(text) ?? form(text);
  }
}

function json(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** `callback( {…} );`: the function's name is of no interest. */
function jsonp(text: string): unknown {
  // Without one expression for all of it: on a long answer that is made for it, that would take minutes.
  const call = text.trim().replace(/;$/, "").trimEnd();
  const open = call.indexOf("(");
  if (!/^[\w$.]+\s*$/.test(call.slice(0, Math.max(open, 0))) || !call.endsWith(")")) return undefined;
  return json(call.slice(open + 1, -1));
}

function form(text: string): unknown {
  if (!/^[^\s<{=&]+=/.test(text)) return undefined;
  const entries = [...new URLSearchParams(text.trim())].filter(([name]) => name !== "__proto__");
  return asObject(Object.fromEntries(entries)) ?? undefined;
}
