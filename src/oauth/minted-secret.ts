import { SignJWT } from "jose/jwt/sign";
import { importPKCS8 } from "jose/key/import";
import { OAuthFailure } from "./oauth-failure.ts";

/** What is signed, and with which key. */
export interface SecretToMint {
  readonly keyId: string;
  /** PKCS #8 PEM. */
  readonly privateKey: () => string;
  /** `now` in seconds since the epoch. */
  claims(now: number): Readonly<Record<string, string | number>>;
}

/** A client secret for one use: a JWT signed by ES256 (RFC 7519). `now` in milliseconds. @throws OAuthFailure `client_invalid` */
export async function mintSecret(secret: SecretToMint, now: number): Promise<string> {
  try {
    const key = await importPKCS8(secret.privateKey(), "ES256");
    const claims = { ...secret.claims(Math.floor(now / 1000)) };
    return await new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: secret.keyId }).sign(key);
  } catch {
    // What the key library says may quote the key.
    throw new OAuthFailure("provider_rejected", "client_invalid", { unreadableKey: true });
  }
}
