import { expect, test } from "vitest";
import { toUserInfo } from "./user-info.ts";

const ISSUER = "https://sso.example.com";

function read(profile: Record<string, unknown>) {
  return toUserInfo({ subject: "1", claims: {}, ...profile }, ISSUER);
}

test("a bare subject is enough", () => {
  expect(read({})).toEqual({
    issuer: ISSUER,
    subject: "1",
    handle: null,
    name: null,
    email: null,
    emailVerified: null,
    picture: null,
    groups: null,
    subjectAliases: [],
    claims: {},
  });
});

test.each([
  [583231, "583231"],
  [0, "0"],
  ["9007199254740993", "9007199254740993"],
  [" Ana ", " Ana "],
])("subject %j is kept as %j", (subject, expected) => {
  expect(read({ subject }).subject).toBe(expected);
});

test.each([undefined, null, "", 1.5, 2 ** 53, Number.NaN, true, {}, ["1"], "x".repeat(256), "a\n", "ａ"])(
  "subject %j identifies nobody",
  (subject) => {
    expect(() => read({ subject })).toThrow(expect.objectContaining({ code: "no_identifier" }));
  },
);

test.each([
  ["ana@example.com", "ana@example.com"],
  ["Ana+tag@Example.com", "Ana+tag@Example.com"],
  ["ana@bücher.example", "ana@bücher.example"],
  ["ana", null],
  ["@example.com", null],
  ["ana@", null],
  ["ana@evil.example@example.com", null],
  ["ana @example.com", null],
  ["ana\u200b@example.com", null],
  ["ana\u202e@example.com", null],
  ["ana@example.com\r\nBcc: x@y.z", null],
  ["\ud800@example.com", null],
  [`${"a".repeat(250)}@b.cc`, null],
  [["ana@example.com"], null],
])("e-mail %j is kept as %j", (email, expected) => {
  const info = read({ email, emailVerified: true });
  expect(info.email).toBe(expected);
  // Without an address there is nothing to have verified.
  expect(info.emailVerified).toBe(expected === null ? null : true);
});

test.each([
  ["Ana Li", "Ana Li"],
  ["  李 安娜 ", "李 安娜"],
  ["Ana\u202e\u0000 Li", "Ana Li"],
  ["<b>Ana</b>", "<b>Ana</b>"],
  ["👩".repeat(200), "👩".repeat(128)],
  ["x".repeat(1_000_000), "x".repeat(128)],
  ["\u200b", null],
  ["", null],
  [{ first: "Ana" }, null],
])("name %#", (name, expected) => {
  expect(read({ name }).name).toBe(expected);
});

test.each([
  ["ana", "ana"],
  ["ana\u200b", null],
  ["x".repeat(256), null],
  ["", null],
  [7, null],
])("handle %j is kept as %j", (handle, expected) => {
  expect(read({ handle }).handle).toBe(expected);
});

test.each([
  ["https://img.example/a.png?s=96", "https://img.example/a.png?s=96"],
  ["http://img.example/a.png", null],
  ["https://user:pass@img.example/a.png", null],
  ["javascript:alert(1)", null],
  ["data:image/svg+xml,<svg/>", null],
  ["file:///etc/passwd", null],
  ["//img.example/a.png", null],
  [`https://img.example/${"a".repeat(2048)}`, null],
  [null, null],
])("picture %j is kept as %j", (picture, expected) => {
  expect(read({ picture }).picture).toBe(expected);
});
