import type { TokenSet } from "../model/token-set.ts";
import { type AnswerReading, type Inspect, openAnswer } from "./answer.ts";
import { providerCode } from "./failure-kind.ts";
import { isOutage } from "./is-outage.ts";
import { asObject, type JsonObject } from "./json.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import { statusFailure } from "./resource.ts";

/** How a provider answers at its token endpoint. */
export interface TokenReading extends AnswerReading {
  /** The error word in a JSON body, `null` when there is none. */
  error(body: JsonObject): string | null;
  /** The provider's own words for errors of RFC 6749. */
  readonly errorNames: Readonly<Record<string, string>>;
  /** What its members are called, where that is not as in RFC 6749 §5.1. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  /** `token_type` may be left out. */
  readonly tokenTypeOptional?: boolean;
}

/** Tokens, and what else came with them. */
export interface TokenAnswer {
  readonly tokens: TokenSet;
  /** The answer without its tokens. */
  readonly others: JsonObject;
}

/**
 * Reads the answer of a token endpoint (RFC 6749 §5.1, §5.2); `now` in milliseconds. Errors count also when they come
 * with 200. @throws OAuthFailure
 */
export async function readTokenResponse(
  response: Response,
  reading: TokenReading,
  now: number,
  inspect?: Inspect,
): Promise<TokenAnswer> {
  const { raw, body, unreadable } = await openAnswer(response, reading, "token");
  // A server that is down may say anything.
  if (isOutage(response.status)) throw statusFailure(response.status, "token");
  const object = asObject(body);
  const error = object === null ? null : reading.error(object);
  if (error !== null) throw namedError(error, reading, response.status);
  if (response.status === 401) throw rejected("client_invalid", response.status);
  if (response.status !== 200 || body === undefined) throw unreadable();
  inspect?.(raw);
  const content = asObject(reading.unwrap === undefined ? body : reading.unwrap(body));
  if (content === null) {
    throw new OAuthFailure("provider_untrusted", "json_malformed", { endpoint: "token", status: 200 });
  }
  return readTokens(content, reading, now);
}

function namedError(error: string, { errorNames }: TokenReading, status: number): OAuthFailure {
  const name = Object.hasOwn(errorNames, error) ? (errorNames[error] ?? error) : error;
  if (name === "server_error" || name === "temporarily_unavailable") {
    return new OAuthFailure("provider_unavailable", name, { endpoint: "token", status });
  }
  // Only words we know make a reason; another one is kept as the provider's code, when it looks like one.
  return rejected(Object.hasOwn(REASONS, name) ? (REASONS[name] ?? "refused") : "refused", status, error);
}

const REASONS: Readonly<Record<string, string>> = {
  invalid_client: "client_invalid",
  invalid_grant: "code_invalid",
  invalid_request: "invalid_request",
  invalid_scope: "invalid_scope",
  redirect_uri_mismatch: "redirect_mismatch",
  unauthorized_client: "unauthorized_client",
  unsupported_grant_type: "unsupported_grant_type",
};

function rejected(reason: string, status: number, code?: string): OAuthFailure {
  return new OAuthFailure("provider_rejected", reason, { endpoint: "token", status, ...providerCode(code) });
}

function readTokens(body: JsonObject, reading: TokenReading, now: number): TokenAnswer {
  const named = (name: string) => reading.fields?.[name] ?? name;
  const accessToken = token(body, named("access_token"));
  if (accessToken === null) throw malformed(named("access_token"));
  checkType(body[named("token_type")], reading);
  const scope = body[named("scope")];
  const tokens: TokenSet = {
    accessToken,
    refreshToken: token(body, named("refresh_token")),
    idToken: token(body, named("id_token")),
    expiresAt: expiry(body[named("expires_in")], now),
    scope: typeof scope === "string" && scope !== "" ? scope : null,
  };
  const secret = new Set(["access_token", "refresh_token", "id_token"].map(named));
  const others = Object.fromEntries(Object.entries(body).filter(([name]) => !secret.has(name)));
  return { tokens, others };
}

function checkType(type: unknown, { tokenTypeOptional = false }: TokenReading): void {
  if (tokenTypeOptional && (type === undefined || type === null || type === "")) return;
  if (typeof type !== "string" || type.toLowerCase() !== "bearer") throw malformed("token_type");
}

/** When a life in seconds ends; `null` = not told. Some write the number as a text. */
export function expiry(value: unknown, now: number): number | null {
  const seconds = typeof value === "string" ? Number(value) : value;
  const lasting = typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0;
  return lasting ? now + seconds * 1000 : null;
}

// Visible ASCII (RFC 6749 appendix A.12), so that it cannot break a header.
function token(body: JsonObject, member: string): string | null {
  const value = body[member];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || !/^[\x20-\x7e]{1,16384}$/.test(value)) throw malformed(member);
  return value;
}

function malformed(member: string): OAuthFailure {
  return new OAuthFailure("provider_untrusted", "token_response_malformed", { endpoint: "token", member });
}
