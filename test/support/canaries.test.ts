import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { findCanaries, spellings } from "./canaries.ts";

const TOKEN = randomBytes(32).toString("base64url");
const SIGNED = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"somebody"}').toString("base64url")}.${TOKEN}`;
const PHRASE = "pass phrase/with=signs & spaces";

const find = (text: string, secret: string) => findCanaries({ log: text }, { "the secret": secret });

describe.each([
  ["a random token", TOKEN],
  ["a phrase", PHRASE],
])("%s is found", (_, secret) => {
  const found = ["log: the secret"];

  test.each(spellings(secret).map(({ text }, n) => [n, text] as const))("in spelling %s", (_, text) => {
    expect(find(`before ${text} after`, secret)).toEqual(found);
  });

  test("in a query, in JSON that is in base64, and in hexadecimal digits of something longer", () => {
    expect(find(`/x?${new URLSearchParams({ state: secret })}`, secret)).toEqual(found);
    for (const before of ["", "a", "ab"]) {
      const longer = Buffer.from(JSON.stringify({ before, secret, after: 1 }));
      for (const encoding of ["base64", "base64url", "hex"] as const)
        expect(find(`"${longer.toString(encoding)}"`, secret)).toEqual(found);
    }
  });

  test("by sixteen of its characters, and not by fifteen", () => {
    expect(find(secret.slice(5, 21), secret)).toEqual(found);
    expect(find(secret.slice(5, 20), secret)).toEqual([]);
  });
});

test("the bytes that a token stands for are found in a file, in digits, and in the other base64", () => {
  const bytes = Buffer.from(TOKEN, "base64url");
  for (const encoding of ["latin1", "hex", "base64"] as const)
    expect(find(`\0${bytes.toString(encoding)}\0`, TOKEN)).toEqual(["log: the secret"]);
});

test("of a signed token its claims and its signature are found; its header is that of all others", () => {
  const [header = "", claims = ""] = SIGNED.split(".");
  expect(find(claims, SIGNED)).toEqual(["log: the secret"]);
  expect(find(TOKEN, SIGNED)).toEqual(["log: the secret"]);
  expect(find(header, SIGNED)).toEqual([]);
  expect(find(`${SIGNED}`, "another-secret-that-is-not-there")).toEqual(["log: a signed token"]);
});

test("a short secret is found as a whole", () => {
  expect(find("x-8f3a1c-y", "8f3a1c")).toEqual(["log: the secret"]);
  expect(find("x-8f3a1-y", "8f3a1c")).toEqual([]);
});
