import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { OAuthFailure } from "./oauth-failure.ts";

/**
 * Signs parameters as gateways want it: the filled ones sorted by name, joined as `name=value&…` without any encoding,
 * RSA with SHA-256 (RFC 8017 §8.2), base64. @throws OAuthFailure `client_invalid` when the key cannot be read
 */
export function signParameters(parameters: Readonly<Record<string, string>>, privateKey: string): string {
  const text = Object.entries(parameters)
    .filter(([, value]) => value !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  try {
    return sign("sha256", Buffer.from(text), createPrivateKey(privateKey)).toString("base64");
  } catch {
    throw new OAuthFailure("provider_rejected", "client_invalid", { unreadableKey: true });
  }
}

/** Whether the provider signed exactly this text. @throws OAuthFailure `client_invalid` when the key cannot be read */
export function isSignedBy(text: string, signature: string, publicKey: string): boolean {
  try {
    return verify("sha256", Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, "base64"));
  } catch {
    throw new OAuthFailure("provider_rejected", "client_invalid", { unreadableKey: true });
  }
}
