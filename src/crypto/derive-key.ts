import { hkdfSync } from "node:crypto";

/** Stands in every label: a change of what keys are for gets another one. */
const VERSION = "v1";

/** HKDF-SHA-256 (RFC 5869); the label keeps keys of different uses apart. */
export function deriveKey(secret: string, label: string, bytes: number): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "postern", `postern:${VERSION}:${label}`, bytes));
}
