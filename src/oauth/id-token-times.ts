import type { JsonObject } from "./json.ts";
import { OAuthFailure } from "./oauth-failure.ts";

/** How far the clocks of provider and Postern may be apart, in seconds. */
const TOLERANCE = 60;
/** Up to here a wrong time is a wrong clock, in seconds; the token was made a moment ago, whatever it says. */
const CLOCK_ERROR = 3600;

/**
 * Judges `exp`, `iat` and `nbf` of a token that was issued just now; `now` in milliseconds.
 * @throws OAuthFailure `clock_skew` with the measured difference, otherwise `token_expired`, `token_not_yet_valid`,
 * `issued_in_future`, `token_too_old`, `claim_missing`
 */
export function checkTimes(claims: JsonObject, now: number): void {
  const seconds = now / 1000;
  const expiresAt = time(claims, "exp");
  const issuedAt = time(claims, "iat");
  const notBefore = claims.nbf === undefined ? null : time(claims, "nbf");
  const clock = issuedAt - seconds;

  if (issuedAt - seconds > TOLERANCE) throw wrongTime("issued_in_future", "iat", issuedAt - seconds, clock);
  if (notBefore !== null && notBefore - seconds > TOLERANCE) {
    throw wrongTime("token_not_yet_valid", "nbf", notBefore - seconds, clock);
  }
  if (seconds - expiresAt >= TOLERANCE) throw wrongTime("token_expired", "exp", expiresAt - seconds, clock);
  // It answers a question that was asked minutes ago, so it cannot be older than that by an honest clock.
  if (seconds - issuedAt > CLOCK_ERROR + TOLERANCE) {
    throw new OAuthFailure("provider_untrusted", "token_too_old", { seconds: Math.round(clock) });
  }
}

/**
 * Judges `auth_time` (OpenID Connect Core §3.1.3.7 no. 13): the person must have signed in since `since`, give or take
 * the difference of the clocks; both in milliseconds. A time that is absent, or no whole number, is no answer.
 * @throws OAuthFailure `auth_time_missing`, `auth_time_in_future`, `auth_time_too_old`
 */
export function checkAuthTime(claims: JsonObject, since: number, now: number): void {
  const { auth_time: authTime } = claims;
  if (typeof authTime !== "number" || !Number.isSafeInteger(authTime))
    throw new OAuthFailure("step_up_failed", "auth_time_missing");
  const seconds = { seconds: Math.round(authTime - now / 1000) };
  if (authTime - now / 1000 > TOLERANCE)
    throw new OAuthFailure("step_up_failed", "auth_time_in_future", seconds);
  if (since / 1000 - authTime > TOLERANCE)
    throw new OAuthFailure("step_up_failed", "auth_time_too_old", seconds);
}

function time(claims: JsonObject, claim: string): number {
  const value = claims[claim];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new OAuthFailure("provider_untrusted", "claim_missing", { claim });
}

// The provider's clock is ahead when the difference is positive.
function wrongTime(reason: string, claim: string, off: number, clock: number): OAuthFailure {
  const detail = { claim, offBySeconds: Math.round(off), providerClockAheadBySeconds: Math.round(clock) };
  if (Math.abs(off) > CLOCK_ERROR) return new OAuthFailure("provider_untrusted", reason, detail);
  return new OAuthFailure("clock_skew", reason, detail);
}
