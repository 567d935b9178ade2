import { hash } from "node:crypto";
import { checkAuthTime, checkTimes } from "./id-token-times.ts";
import type { JsonObject } from "./json.ts";
import type { KeySet } from "./key-set.ts";
import { isLogout } from "./logout-token.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import { checkParties, type ExpectedParties } from "./parties.ts";
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from "./signature-algorithms.ts";
import { verifySignature } from "./signed-token.ts";
import { checkSubject } from "./subject.ts";

/** What an ID token must agree with. */
export interface IdTokenExpectation extends ExpectedParties {
  /** `null` = the place does not send it back. */
  readonly nonce: string | null;
  /** The person must have signed in since then, milliseconds since the epoch; `null` = whenever. */
  readonly freshSince?: number | null;
  readonly accessToken: string;
  /** `null` = it does not come from a code. */
  readonly code: string | null;
  readonly state: string | null;
  readonly algorithms: readonly SignatureAlgorithm[];
}

/**
 * Verifies an ID token (OpenID Connect Core §3.1.3.7), its signature too although it comes straight from the provider.
 * What is absent is wrong. Answers its claims. @throws OAuthFailure with a reason per check
 */
export async function verifyIdToken(
  idToken: string,
  expected: IdTokenExpectation,
  keys: KeySet,
  now: () => number,
): Promise<JsonObject> {
  const { algorithm, claims } = await verifySignature(idToken, keys, expected.algorithms);
  // Signed by the same keys, for the same client: what ends a session must never begin one.
  if (isLogout(claims)) throw untrusted("logout_token");
  checkParties(claims, expected);
  checkAuthorizedParty(claims, expected.clientId);
  if (expected.nonce !== null && claims.nonce !== expected.nonce) throw untrusted("nonce_mismatch");
  checkTimes(claims, now());
  if (expected.freshSince !== undefined && expected.freshSince !== null)
    checkAuthTime(claims, expected.freshSince, now());
  checkHashes(claims, expected, algorithm);
  checkSubject(claims.sub);
  return claims;
}

function checkAuthorizedParty({ azp }: JsonObject, clientId: string): void {
  if (azp !== undefined && azp !== clientId) throw untrusted("authorized_party_mismatch");
}

// They tie the token to what came with it (§3.1.3.8, §3.3.2.11; s_hash from FAPI). Optional, but never wrong.
function checkHashes(claims: JsonObject, expected: IdTokenExpectation, algorithm: SignatureAlgorithm): void {
  const { accessToken, code, state } = expected;
  for (const [claim, text] of Object.entries({ at_hash: accessToken, c_hash: code, s_hash: state })) {
    if (text === null || claims[claim] === undefined) continue;
    if (claims[claim] !== leftHalf(text, algorithm)) {
      throw untrusted(`${claim}_mismatch`);
    }
  }
}

function leftHalf(text: string, algorithm: SignatureAlgorithm): string {
  const digest = hash(SIGNATURE_ALGORITHMS[algorithm].hash, text, "buffer");
  return digest.subarray(0, digest.byteLength / 2).toString("base64url");
}

function untrusted(reason: string): OAuthFailure {
  return new OAuthFailure("provider_untrusted", reason);
}
