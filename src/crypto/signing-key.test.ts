import { createPublicKey, verify } from "node:crypto";
import fc from "fast-check";
import { calculateJwkThumbprint } from "jose";
import { expect, test } from "vitest";
import { createSealer } from "./seal.ts";
import { deriveSigningKey } from "./signing-key.ts";

const OLD = "the-old-secret-that-was-here-before-0001";
const NEW = "the-new-secret-that-everything-uses-0002";

function fits({ publicJwk }: ReturnType<typeof deriveSigningKey>, text: string, signature: string): boolean {
  const key = createPublicKey({ key: { ...publicJwk }, format: "jwk" });
  const bytes = Buffer.from(signature, "base64url");
  return verify("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }, bytes);
}

test("whatever the secret, there is a key, and its signatures fit its public half alone", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), fc.string(), (one, other, text) => {
      const key = deriveSigningKey(one);
      expect(fits(key, text, key.sign(text))).toBe(true);
      expect(fits(key, `${text}.`, key.sign(text))).toBe(false);
      expect(fits(deriveSigningKey(other), text, key.sign(text))).toBe(one === other);
    }),
    { numRuns: 30 },
  );
});

test("the public half holds nothing else, and is named by its thumbprint", async () => {
  const { publicJwk } = deriveSigningKey(NEW);
  expect(Object.keys(publicJwk).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  expect(publicJwk.kid).toBe(await calculateJwkThumbprint({ ...publicJwk }));
});

test("keys do not change between versions of the program", () => {
  expect(deriveSigningKey(NEW).publicJwk.kid).toBe("TL2xwQB0zWbAoyG7cdEOKXLcpD9aVVlWF2CQWA5XKX8");
});

test("the newest secret signs, and all of them are published", () => {
  const keys = createSealer([NEW, OLD, NEW]).signingKeys();
  expect(keys.map(({ publicJwk }) => publicJwk)).toEqual(
    [NEW, OLD].map((secret) => deriveSigningKey(secret).publicJwk),
  );
});
