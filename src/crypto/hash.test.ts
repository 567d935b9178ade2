import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { constantTimeEqual, sha256 } from "./hash.ts";

test("answers the published SHA-256 of a text", () => {
  expect(sha256("abc")).toBe(
    Buffer.from("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "hex").toString(
      "base64url",
    ),
  );
});

test("hashes the UTF-8 bytes of any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(sha256(text)).toBe(createHash("sha256").update(text, "utf8").digest("base64url"));
    }),
  );
});

test("texts are equal when every character is, broken ones too", () => {
  const text = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 4 });
  fc.assert(fc.property(text, text, (a, b) => constantTimeEqual(a, b) === (a === b)));
  fc.assert(fc.property(text, (a) => constantTimeEqual(a, `${a}`)));
  expect(constantTimeEqual("\ud800", "\ufffd")).toBe(false);
  expect(constantTimeEqual("", "")).toBe(true);
  expect(constantTimeEqual("a", "")).toBe(false);
});
