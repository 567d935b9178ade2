import type { TokenSet } from "../model/token-set.ts";
import { isJson, type JsonObject, readJsonObject } from "./json.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import { statusFailure } from "./resource.ts";

/** How a provider tells of errors at its token endpoint. */
export interface TokenErrorReading {
  /** The error word in a JSON body, `null` when there is none. */
  error(body: JsonObject): string | null;
  /** The provider's own words for errors of RFC 6749. */
  readonly errorNames: Readonly<Record<string, string>>;
}

/**
 * Reads the answer of a token endpoint (RFC 6749 §5.1, §5.2); `now` in milliseconds. Errors count also when they come
 * with 200. @throws OAuthFailure
 */
export async function readTokenResponse(
  response: Response,
  reading: TokenErrorReading,
  now: number,
): Promise<TokenSet> {
  if (response.status >= 500 || response.status === 429) throw statusFailure(response.status, "token");
  if (response.status !== 200) throw await refusal(response, reading);
  const body = await readJsonObject(response, "token");
  const error = reading.error(body);
  if (error !== null) throw namedError(error, reading, response.status);
  return readTokens(body, now);
}

// With an error status the body may be anything; it only makes the reason finer.
async function refusal(response: Response, reading: TokenErrorReading): Promise<OAuthFailure> {
  const body = isJson(response) ? await readJsonObject(response, "token").catch(() => null) : null;
  const error = body === null ? null : reading.error(body);
  if (error !== null) return namedError(error, reading, response.status);
  if (response.status === 401) return rejected("invalid_client", response.status);
  return statusFailure(response.status, "token");
}

function namedError(error: string, { errorNames }: TokenErrorReading, status: number): OAuthFailure {
  const name = Object.hasOwn(errorNames, error) ? (errorNames[error] ?? error) : error;
  if (name === "server_error" || name === "temporarily_unavailable") {
    return new OAuthFailure("provider_unavailable", name, { endpoint: "token", status });
  }
  // Only words we know: an unknown one is the provider's free text.
  return rejected(Object.hasOwn(REASONS, name) ? (REASONS[name] ?? "refused") : "refused", status);
}

const REASONS: Readonly<Record<string, string>> = {
  invalid_client: "invalid_client",
  invalid_grant: "code_invalid",
  invalid_request: "invalid_request",
  invalid_scope: "invalid_scope",
  redirect_uri_mismatch: "redirect_mismatch",
  unauthorized_client: "unauthorized_client",
  unsupported_grant_type: "unsupported_grant_type",
};

function rejected(reason: string, status: number): OAuthFailure {
  return new OAuthFailure("provider_rejected", reason, { endpoint: "token", status });
}

function readTokens(body: JsonObject, now: number): TokenSet {
  const accessToken = token(body, "access_token");
  if (accessToken === null) throw malformed("access_token");
  if (typeof body.token_type !== "string" || body.token_type.toLowerCase() !== "bearer") {
    throw malformed("token_type");
  }
  const seconds = typeof body.expires_in === "string" ? Number(body.expires_in) : body.expires_in;
  const lasting = typeof seconds === "number" && Number.isFinite(seconds) && seconds > 0;
  return {
    accessToken,
    refreshToken: token(body, "refresh_token"),
    idToken: token(body, "id_token"),
    expiresAt: lasting ? now + seconds * 1000 : null,
    scope: typeof body.scope === "string" && body.scope !== "" ? body.scope : null,
  };
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
