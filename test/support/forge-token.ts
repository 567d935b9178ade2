import { deriveSigningKey } from "../../src/crypto/signing-key.ts";

/** A token signed with the real key of a secret, whatever it says: what only a forger with that key could write. */
export function forgeToken(secret: string, claims: object, head: object = {}): string {
  const key = deriveSigningKey(secret);
  const { kid } = key.publicJwk;
  const text = `${encoded({ alg: "ES256", typ: "postern+jwt", kid, ...head })}.${encoded(claims)}`;
  return `${text}.${key.sign(text)}`;
}

/** Base64url of JSON, as the parts of a token are written. */
export function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** The header or the claims of a token, without any check. */
export function partOf(token: string, part: 0 | 1): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[part] ?? "", "base64url").toString("utf8"));
}
