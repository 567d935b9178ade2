/** The algorithms an ID token may be signed with, the keys they take, and the hash behind their `…_hash` claims. */
export const SIGNATURE_ALGORITHMS = {
  RS256: { kty: "RSA", crv: null, hash: "sha256" },
  PS256: { kty: "RSA", crv: null, hash: "sha256" },
  ES256: { kty: "EC", crv: "P-256", hash: "sha256" },
  ES384: { kty: "EC", crv: "P-384", hash: "sha384" },
  EdDSA: { kty: "OKP", crv: "Ed25519", hash: "sha512" },
} as const;

export type SignatureAlgorithm = keyof typeof SIGNATURE_ALGORITHMS;

/** Those of the given words that are among ours. Never `none`, never a shared secret. */
export function knownAlgorithms(words: readonly string[]): readonly SignatureAlgorithm[] {
  return words.filter((word): word is SignatureAlgorithm => Object.hasOwn(SIGNATURE_ALGORITHMS, word));
}
