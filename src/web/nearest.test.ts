import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

const NAMES = ["owners", "roles", "access", "providers", "publicUrl"];

test.each([
  ["owner", "owners"],
  ["ownres", "owners"],
  ["PUBLICURL", "publicUrl"],
  ["publicURI", "publicUrl"],
  ["provider", "providers"],
  ["acess", "access"],
  ["cookies", null],
  ["x", null],
  ["", null],
])("%j may mean %j", (word, meant) => {
  expect(nearest(word, NAMES)).toBe(meant);
});

test("the first of those that are equally near is taken, and among none there is none", () => {
  expect(nearest("ab", ["ax", "ay"])).toBe("ax");
  expect(nearest("ab", [])).toBeNull();
});
