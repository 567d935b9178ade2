import { expect, test } from "vitest";
import { createSealer } from "../crypto/seal.ts";
import type { TokenOwner } from "../model/kept-tokens.ts";
import { openTokens, sealTokens } from "./token-seal.ts";

const TOKENS = { accessToken: "at-1", refreshToken: "rt-1", idToken: null, expiresAt: 9, scope: "repo" };
const ANA: TokenOwner = { userId: "usr_1", identityId: "idn_1", provider: "github" };
const old = { sealer: createSealer(["the-old-secret-0123456789-0123456789"]) };
const rotated = {
  sealer: createSealer(["the-new-secret-0123456789-0123456789", "the-old-secret-0123456789-0123456789"]),
};

const opened = (owner: TokenOwner, sealed: string, runtime = old) =>
  openTokens(runtime, { ...owner, sealed });

test("tokens open for their owner, also after the secret has rotated, and the key's id stands in front", () => {
  const { sealed, keyId, identityId } = sealTokens(old, ANA, TOKENS);
  expect(identityId).toBe(ANA.identityId);
  expect(sealed.startsWith(`v1.${keyId}.`)).toBe(true);
  expect(opened(ANA, sealed)).toEqual(TOKENS);
  expect(opened(ANA, sealed, rotated)).toEqual(TOKENS);
  expect(sealTokens(rotated, ANA, TOKENS).keyId).not.toBe(keyId);
});

test.each([
  ["user", { userId: "usr_2" }],
  ["identity", { identityId: "idn_2" }],
  ["provider", { provider: "corp" }],
])("tokens do not open for another %s", (_, change) => {
  expect(opened({ ...ANA, ...change }, sealTokens(old, ANA, TOKENS).sealed)).toBeNull();
});

test("without the secret there is nothing to read", () => {
  const { sealed } = sealTokens(rotated, ANA, TOKENS);
  expect(opened(ANA, sealed, old)).toBeNull();
  expect(Buffer.from(sealed.split(".")[2] ?? "", "base64url").toString("latin1")).not.toContain("at-1");
});
