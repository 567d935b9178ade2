import { createHash } from "node:crypto";

/** Whether the verifier belongs to the challenge (RFC 7636 §4.6, S256). A verifier without a challenge does not. */
export function matchesChallenge(codeVerifier: string | null, codeChallenge: string | null): boolean {
  if (codeVerifier === null || codeChallenge === null) return codeVerifier === codeChallenge;
  return createHash("sha256").update(codeVerifier).digest("base64url") === codeChallenge;
}

/** Whether a text can be an S256 challenge: 32 bytes in base64url. */
export function isChallenge(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text);
}
