import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

/**
 * The header `webhook-signature` (Standard Webhooks): `v1,` and the HMAC-SHA-256 of id, time and body, once for each
 * secret, so that while secrets change hands each side finds the one it knows. `at` is in seconds since the epoch.
 */
export function webhookSignature(
  secrets: readonly string[],
  { id, at, body }: { readonly id: string; readonly at: number; readonly body: string },
): string {
  return secrets
    .map((secret) => webhookKey(secret) ?? Buffer.from(secret))
    .map((key) => `v1,${createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64")}`)
    .join(" ");
}

/** The bytes of a secret: what `whsec_` says in base64, otherwise the text itself. `null` = that is no base64. */
export function webhookKey(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return Buffer.from(secret);
  const text = secret.slice(PREFIX.length);
  const key = Buffer.from(text, "base64");
  return key.toString("base64").replace(/=+$/, "") === text.replace(/=+$/, "") ? key : null;
}
