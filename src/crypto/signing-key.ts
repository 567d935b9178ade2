import { createECDH, createHash, createPrivateKey, sign } from "node:crypto";
import { deriveKey } from "./derive-key.ts";

/** A public key as others fetch it (RFC 7517). */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: "ES256";
  readonly use: "sig";
}

/** Signs what others verify. The private half never leaves it. */
export interface SigningKey {
  readonly publicJwk: PublicJwk;
  /** ES256 over the text (RFC 7518 §3.4), as base64url. */
  sign(text: string): string;
}

/** The order of the group of P-256 (FIPS 186-5, SP 800-186 §3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** 128 bits more than the order has, so that the remainder favours no number (FIPS 186-5 A.2.1). */
const SEED_BYTES = 48;

/** The key pair of a secret: the same in every process that knows the secret, so there is nothing to store or to hand on. */
export function deriveSigningKey(secret: string): SigningKey {
  const seed = BigInt(`0x${Buffer.from(deriveKey(secret, "sign:token:es256", SEED_BYTES)).toString("hex")}`);
  const scalar = Buffer.from(((seed % (ORDER - 1n)) + 1n).toString(16).padStart(64, "0"), "hex");
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(scalar);
  const point = pair.getPublicKey();
  const place = {
    crv: "P-256",
    kty: "EC",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  } as const;
  const key = createPrivateKey({ key: { ...place, d: scalar.toString("base64url") }, format: "jwk" });
  return {
    publicJwk: { ...place, kid: thumbprint(place), alg: "ES256", use: "sig" },
    sign: (text) =>
      sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url"),
  };
}

/** RFC 7638: the members that make the key, in the order of their names. */
function thumbprint({ crv, kty, x, y }: Pick<PublicJwk, "crv" | "kty" | "x" | "y">): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}
