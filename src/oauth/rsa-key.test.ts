import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { privateKeyPem, publicKeyPem } from "./rsa-key.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const OURS = String(privateKey.export({ format: "pem", type: "pkcs8" }));
const THEIRS = String(publicKey.export({ format: "pem", type: "spki" }));
const bare = (der: Buffer) => der.toString("base64");

test.each([
  ["PKCS #8 PEM", OURS],
  ["PKCS #1 PEM", String(privateKey.export({ format: "pem", type: "pkcs1" }))],
  ["PEM on one line, as environment variables hold it", OURS.replaceAll("\n", "\\n")],
  ["bare PKCS #8", bare(privateKey.export({ format: "der", type: "pkcs8" }))],
  [
    "bare PKCS #1, with white space around",
    ` ${bare(privateKey.export({ format: "der", type: "pkcs1" }))}\n`,
  ],
])("a private key: %s", (_what, text) => {
  expect(privateKeyPem(text)).toBe(OURS);
});

test.each([
  ["SPKI PEM", THEIRS],
  ["bare SPKI", bare(publicKey.export({ format: "der", type: "spki" }))],
  ["bare PKCS #1", bare(publicKey.export({ format: "der", type: "pkcs1" }))],
  ["that of a private key", OURS],
])("a public key: %s", (_what, text) => {
  expect(publicKeyPem(text)).toBe(THEIRS);
});

test("what is no RSA key is none", () => {
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const curveKey = String(curve.privateKey.export({ format: "pem", type: "pkcs8" }));
  for (const text of [undefined, 7, "", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA", curveKey]) {
    expect(privateKeyPem(text)).toBeNull();
    expect(publicKeyPem(text)).toBeNull();
  }
  expect(privateKeyPem(THEIRS)).toBeNull();
});
