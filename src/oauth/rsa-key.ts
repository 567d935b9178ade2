import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/** A private RSA key as PKCS #8 PEM, from PEM or the bare base64 of PKCS #8 or PKCS #1; `null` = it is none. */
export function privateKeyPem(text: unknown): string | null {
  const key = readKey(text, createPrivateKey, (der) => [
    () => createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
    () => createPrivateKey({ key: der, format: "der", type: "pkcs1" }),
  ]);
  return key === null ? null : String(key.export({ format: "pem", type: "pkcs8" }));
}

/** A public RSA key as SPKI PEM, from the PEM of a key, a private key or a certificate, or the bare base64 of a key; `null` = it is none. */
export function publicKeyPem(text: unknown): string | null {
  const key = readKey(text, createPublicKey, (der) => [
    () => createPublicKey({ key: der, format: "der", type: "spki" }),
    () => createPublicKey({ key: der, format: "der", type: "pkcs1" }),
  ]);
  return key === null ? null : String(key.export({ format: "pem", type: "spki" }));
}

function readKey(
  text: unknown,
  fromPem: (pem: string) => KeyObject,
  fromDer: (der: Buffer) => readonly (() => KeyObject)[],
): KeyObject | null {
  if (typeof text !== "string") return null;
  // Environment variables often hold the two characters instead of the line break.
  const lines = text.replaceAll("\\n", "\n").trim();
  const ways = lines.startsWith("-----BEGIN ")
    ? [() => fromPem(lines)]
    : fromDer(Buffer.from(lines, "base64"));
  for (const read of ways) {
    try {
      const key = read();
      return key.asymmetricKeyType === "rsa" ? key : null;
    } catch {
      // The next way may fit. What the library says may quote the key.
    }
  }
  return null;
}
