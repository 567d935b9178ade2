import { asObject, type JsonObject } from "./json.ts";
import type { KeySet } from "./key-set.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import { checkParties, type ExpectedParties } from "./parties.ts";
import type { SignatureAlgorithm } from "./signature-algorithms.ts";
import { verifySignature } from "./signed-token.ts";

/** What a logout token must agree with. */
export interface LogoutTokenExpectation extends ExpectedParties {
  readonly algorithms: readonly SignatureAlgorithm[];
}

/** What a logout token tells; one of `sid` and `subject` is there. */
export interface LogoutToken {
  readonly issuer: string;
  readonly sid: string | null;
  readonly subject: string | null;
  /** `jti`: to be used once. */
  readonly id: string;
  /** `iat`, in milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** What makes a token a logout token (Back-Channel Logout §2.4). */
export const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** How far the clocks of provider and Postern may be apart, in seconds. */
const TOLERANCE = 60;
/** How old a logout token may be, in seconds. Providers try again for a while when they cannot reach us. */
const LONGEST_WAY = 5 * 60;
/** Told explicitly (§2.4 recommends it), or not at all, or as what every JWT may be called (RFC 7519 §5.1). */
const TYPES: readonly unknown[] = [undefined, "jwt", "logout+jwt", "application/logout+jwt"];
const PRINTABLE = /^[\x20-\x7e]{1,255}$/;

/**
 * Verifies a logout token (OpenID Connect Back-Channel Logout §2.6). What is absent is wrong, except `exp`, which
 * older providers leave out, and the one of `sid` and `sub` that the other stands in for. Whether it came before is the
 * caller's to find out. @throws OAuthFailure with a reason per check
 */
export async function verifyLogoutToken(
  token: string,
  expected: LogoutTokenExpectation,
  keys: KeySet,
  now: () => number,
): Promise<LogoutToken> {
  const { type, claims } = await verifySignature(token, keys, expected.algorithms);
  if (!TYPES.includes(type?.toLowerCase())) throw untrusted("type_refused");
  checkParties(claims, expected);
  checkTimes(claims, now() / 1000);
  if (!isLogout(claims)) throw untrusted("event_missing");
  // It is what keeps an ID token from being one.
  if (Object.hasOwn(claims, "nonce")) throw untrusted("nonce_present");
  const [sid, subject] = [printable(claims, "sid"), printable(claims, "sub")];
  if (sid === null && subject === null) throw untrusted("session_missing");
  const id = printable(claims, "jti");
  if (id === null) throw untrusted("token_id_missing");
  return { issuer: String(claims.iss), sid, subject, id, issuedAt: Math.round(Number(claims.iat) * 1000) };
}

/** Whether the claims are those of a logout token, whatever else they are. */
export function isLogout({ events }: JsonObject): boolean {
  const told = asObject(events);
  return told !== null && Object.hasOwn(told, LOGOUT_EVENT) && asObject(told[LOGOUT_EVENT]) !== null;
}

function checkTimes({ iat, exp }: JsonObject, now: number): void {
  if (typeof iat !== "number" || !Number.isFinite(iat)) throw untrusted("claim_missing");
  if (iat - now > TOLERANCE) throw untrusted("issued_in_future");
  if (now - iat > LONGEST_WAY + TOLERANCE) throw untrusted("token_too_old");
  if (exp === undefined) return;
  if (typeof exp !== "number" || !Number.isFinite(exp)) throw untrusted("claim_malformed");
  if (now - exp >= TOLERANCE) throw untrusted("token_expired");
}

/** `null` = not there. What is there and cannot be what we have kept is no logout of ours. */
function printable(claims: JsonObject, claim: string): string | null {
  const value = claims[claim];
  if (value === undefined) return null;
  if (typeof value !== "string" || !PRINTABLE.test(value)) throw untrusted("claim_malformed");
  return value;
}

function untrusted(reason: string): OAuthFailure {
  return new OAuthFailure("provider_untrusted", reason);
}
