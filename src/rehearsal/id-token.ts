import { createHmac, sign } from "node:crypto";
import type { SigningKey, SigningKeys } from "./signing-keys.ts";

/**
 * Who signs: the current key, a key made this moment, one that is nowhere published, the current key with a byte
 * changed afterwards, HS256 with the public key as its secret, or nobody (`alg: none`).
 */
export type Signature = "current" | "rotated" | "stranger" | "tampered" | "hmac-public-key" | "none";

/** An ID token before it is signed: where misbehaviour lays its hands on it. */
export interface IdTokenDraft {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signature: Signature;
  /** `typ` of its header. Default `JWT`. */
  readonly type?: string;
}

/** Signs by hand (RFC 7515 §3.1): a library would refuse most of what a rehearsal must be able to send. */
export async function signIdToken(draft: IdTokenDraft, keys: SigningKeys): Promise<string> {
  const { claims, signature, type: typ = "JWT" } = draft;
  if (signature === "none") return `${encode({ alg: "none", typ })}.${encode(claims)}.`;
  if (signature === "rotated") await keys.rotate();

  const key = signature === "stranger" ? await keys.stranger() : keys.current();
  const alg = signature === "hmac-public-key" ? "HS256" : "RS256";
  const input = `${encode({ alg, typ, kid: key.kid })}.${encode(claims)}`;
  const bytes =
    signature === "hmac-public-key" ? hmac(input, key) : sign("sha256", Buffer.from(input), key.privateKey);
  if (signature === "tampered") bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
  return `${input}.${bytes.toString("base64url")}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

/** The classic algorithm confusion: a verifier that trusts `alg` takes the public key for a shared secret. */
function hmac(input: string, key: SigningKey): Buffer {
  const secret = key.publicKey.export({ format: "pem", type: "spki" });
  return createHmac("sha256", secret).update(input).digest();
}
