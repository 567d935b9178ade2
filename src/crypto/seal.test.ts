import fc from "fast-check";
import { expect, test } from "vitest";
import { createSealer } from "./seal.ts";

const OLD = "the-old-secret-that-was-here-before-0001";
const NEW = "the-new-secret-that-everything-uses-0002";
const sealer = createSealer([NEW]);

test("opens what it sealed: any JSON value except null", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, context) => {
      fc.pre(value !== null);
      const sealed = sealer.seal("token-vault", value, context);
      expect(sealed).toMatch(/^v1\.[\w-]{8}\.[\w-]+$/);
      expect(sealer.open("token-vault", sealed, context)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("sealing twice never looks the same", () => {
  expect(sealer.seal("login-transaction", "x")).not.toBe(sealer.seal("login-transaction", "x"));
});

test("stays shut after any single bit is flipped", () => {
  const sealed = sealer.seal("login-transaction", { state: "abc" }, "tx");
  for (let at = 0; at < sealed.length; at++) {
    for (let bit = 0; bit < 16; bit++) {
      const flipped = String.fromCharCode(sealed.charCodeAt(at) ^ (1 << bit));
      const changed = sealed.slice(0, at) + flipped + sealed.slice(at + 1);
      expect(sealer.open("login-transaction", changed, "tx"), `${at}/${bit}`).toBeNull();
    }
  }
});

test("stays shut when anything is cut off or added", () => {
  const sealed = sealer.seal("login-transaction", { state: "abc" });
  for (let at = 0; at < sealed.length; at++) {
    expect(sealer.open("login-transaction", sealed.slice(0, at))).toBeNull();
    expect(sealer.open("login-transaction", sealed.slice(at + 1))).toBeNull();
  }
  for (const more of ["=", " ", ".", ".x", "A", "\n"]) {
    expect(sealer.open("login-transaction", sealed + more)).toBeNull();
    expect(sealer.open("login-transaction", more + sealed)).toBeNull();
  }
});

test("opens only for the same purpose and context", () => {
  const sealed = sealer.seal("login-transaction", 1, "a");
  expect(sealer.open("login-transaction", sealed, "a")).toBe(1);
  expect(sealer.open("token-vault", sealed, "a")).toBeNull();
  expect(sealer.open("login-transaction", sealed, "b")).toBeNull();
  expect(sealer.open("login-transaction", sealed, "")).toBeNull();
  expect(sealer.open("login-transaction", sealed)).toBeNull();
  expect(sealer.open("login-transaction", sealer.seal("login-transaction", 1), "")).toBeNull();
});

test("another secret opens nothing, also under our key id", () => {
  const other = createSealer([OLD]);
  const [version, , body] = other.seal("token-vault", 1).split(".");
  const ourId = sealer.seal("token-vault", 1).split(".")[1];
  expect(sealer.open("token-vault", other.seal("token-vault", 1))).toBeNull();
  expect(sealer.open("token-vault", `${version}.${ourId}.${body}`)).toBeNull();
});

test("answers null to text of any kind", () => {
  const id = sealer.seal("token-vault", 1).split(".")[1];
  const text = fc.oneof(
    fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) }),
    fc.base64String().map((body) => `v1.${id}.${body}`),
    fc.uint8Array({ maxLength: 64 }).map((body) => `v1.${id}.${Buffer.from(body).toString("base64url")}`),
  );
  fc.assert(
    fc.property(text, (sealed) => sealer.open("token-vault", sealed) === null),
    { numRuns: 2000 },
  );
});

test.each([null, undefined, () => 1])("%s cannot be sealed", (value) => {
  expect(() => sealer.seal("token-vault", value)).toThrow(TypeError);
});

test("after a rotation the newest secret seals and every listed one opens", () => {
  const before = createSealer([OLD]);
  const both = createSealer([NEW, OLD]);
  expect(both.open("token-vault", before.seal("token-vault", 7))).toBe(7);
  expect(sealer.open("token-vault", both.seal("token-vault", 7))).toBe(7);
  expect(before.open("token-vault", both.seal("token-vault", 7))).toBeNull();
  expect(both.verify("login-state", "abc", before.sign("login-state", "abc"))).toBe(true);
  expect(both.sign("login-state", "abc")).toBe(sealer.sign("login-state", "abc"));
  expect(sealer.verify("login-state", "abc", before.sign("login-state", "abc"))).toBe(false);
});

test("a signature is 22 letters and digits and fits its text alone", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, other) => {
      const signature = sealer.sign("login-state", text);
      expect(signature).toMatch(/^[0-9A-Za-z]{22}$/);
      expect(sealer.verify("login-state", text, signature)).toBe(true);
      expect(sealer.verify("login-state", other, signature)).toBe(text === other);
      expect(sealer.verify("login-state", text, other)).toBe(false);
    }),
  );
});

test("a signature with any character changed is refused", () => {
  const signature = sealer.sign("login-state", "abc");
  for (let at = 0; at < signature.length; at++) {
    const changed = signature.slice(0, at) + (signature[at] === "x" ? "y" : "x") + signature.slice(at + 1);
    expect(sealer.verify("login-state", "abc", changed)).toBe(false);
    expect(sealer.verify("login-state", "abc", signature.slice(0, at))).toBe(false);
  }
});

test("keys do not change between versions of the program", () => {
  const sealed = "v1.TM3Gd8jt.RALw8gjyQu_HegC7CoS_tij4bVL1CC5BX5Ub_yw0-V8TMZNNKv9egvSKNz0x";
  expect(sealer.open("login-transaction", sealed, "fixture")).toEqual({ hello: "world" });
  expect(sealer.sign("login-state", "fixture")).toBe("3zuBV3shbJnIDlVaInGGnL");
});

test("a sealer needs a secret", () => {
  expect(() => createSealer([])).toThrow(TypeError);
});
