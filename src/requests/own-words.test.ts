import { expect, test } from "vitest";
import { LONGEST_NOTE } from "../model/access-request.ts";
import { ownWords } from "./own-words.ts";

test.each([
  ["nothing", "", null],
  ["only white space", " \r\n\t ", null],
  ["only what cannot be seen", "\u202E\u0000\u2066", null],
  ["line breaks of every kind", "a\r\nb\rc\nd", "a\nb\nc\nd"],
  ["control characters and direction marks", "a\0b\u0007c\u202Ed\u2069e", "abcde"],
  ["half of a surrogate pair", "a\uD800b", "a\uFFFDb"],
  ["markup and what other languages write", "<b>张伟</b> 👩‍🚀", "<b>张伟</b> 👩‍🚀"],
])("%s", (_, given, kept) => {
  expect(ownWords(given)).toBe(kept);
});

test("500 characters are kept, and not one more", () => {
  const longest = "𠮷".repeat(LONGEST_NOTE);
  expect(ownWords(`  ${longest}\n`)).toBe(longest);
  expect(() => ownWords(`${longest}x`)).toThrow(expect.objectContaining({ code: "request_too_large" }));
});
