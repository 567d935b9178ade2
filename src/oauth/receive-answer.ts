import type { IncomingMessage } from "node:http";
import { connectionFailure } from "./connection-failure.ts";
import { OAuthFailure } from "./oauth-failure.ts";

/** `plain` = what our own calls want; `whole` = what an application may want that calls an API. */
export type AnswerKind = "plain" | "whole";

interface Limits {
  readonly maxBytes: number;
  readonly answer?: AnswerKind;
}

/**
 * Reads an answer to its end and hands it on once: as a `Response`, or as the reason why it is refused (a redirect, a
 * compressed body, more than `maxBytes`, a broken connection).
 */
export function receiveAnswer(
  answer: IncomingMessage,
  { maxBytes, answer: kind = "plain" }: Limits,
  finish: (outcome: Response | OAuthFailure) => void,
): void {
  const status = answer.statusCode ?? 0;
  answer.on("error", (error) => finish(connectionFailure(error)));
  const refusal = refuse(answer, status, maxBytes, kind);
  if (refusal !== null) {
    finish(refusal);
    return;
  }

  const chunks: Buffer[] = [];
  let size = 0;
  answer.on("data", (chunk: Buffer) => {
    size += chunk.byteLength;
    if (size > maxBytes) finish(tooLarge(maxBytes));
    else chunks.push(chunk);
  });
  answer.on("end", () => {
    const body = WITHOUT_BODY.has(status) ? null : Buffer.concat(chunks);
    finish(
      new Response(body, { status, headers: kind === "whole" ? allHeaders(answer) : keptHeaders(answer) }),
    );
  });
}

const WITHOUT_BODY = new Set([204, 205, 304]);

function refuse(
  answer: IncomingMessage,
  status: number,
  maxBytes: number,
  kind: AnswerKind,
): OAuthFailure | null {
  if (kind === "plain" && status >= 300 && status < 400) {
    return new OAuthFailure("provider_untrusted", "redirect_refused", { status });
  }
  if (status < 200 || status > 599) {
    return new OAuthFailure("provider_untrusted", "response_malformed", { status });
  }
  const encoding = answer.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding !== "identity") return new OAuthFailure("provider_untrusted", "encoding_refused", { status });
  return Number(answer.headers["content-length"] ?? 0) > maxBytes ? tooLarge(maxBytes) : null;
}

function tooLarge(maxBytes: number): OAuthFailure {
  return new OAuthFailure("provider_untrusted", "response_too_large", { maxBytes });
}

// Only what is looked at later. The provider's cookies are not among it.
function keptHeaders(answer: IncomingMessage): [string, string][] {
  const kept: [string, string][] = [];
  for (const name of ["content-type", "cache-control", "link", "date", "age", "retry-after"]) {
    const value = answer.headers[name];
    if (typeof value === "string") kept.push([name, value]);
  }
  return kept;
}

// What they set is meant for a browser.
function allHeaders(answer: IncomingMessage): [string, string][] {
  return Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    name === "set-cookie" ? [] : values.map((value): [string, string] => [name, value]),
  );
}
