import { describe, expect, test } from "vitest";
import { searchedWord, searchWords } from "./search-words.ts";

describe("the words of a person", () => {
  test.each([
    ["Ada  Marsh", null, ["ada marsh", "marsh"]],
    [
      null,
      "Ada.Marsh@mail.Example.com",
      ["ada.marsh@mail.example.com", "marsh@mail.example.com", "mail.example.com", "example.com"],
    ],
    ["ada@x.org", "ada@x.org", ["ada@x.org", "x.org"]],
    [null, "root@localhost", ["root@localhost", "localhost"]],
    ["张伟", null, ["张伟", "伟"]],
    ["Zoe\u0308 O'Brien", null, ["zoë o'brien", "o'brien", "brien"]],
    ["🦊", null, ["🦊"]],
    [" ", "", []],
    [null, null, []],
  ])("%j, %j", (name, email, words) => {
    expect(searchWords(name, email)).toEqual(words);
  });

  test("are short and few, however long a name is", () => {
    const words = searchWords("x ".repeat(5_000), `${"𠮷".repeat(500)}@x.org`);
    expect(words.length).toBeLessThanOrEqual(32);
    for (const word of words) {
      expect(word.length).toBeLessThanOrEqual(64);
      expect(word.isWellFormed()).toBe(true);
    }
  });
});

test.each([
  ["  MARSH ", "marsh"],
  ["@example.com", "example.com"],
  ["Li\u3000Wei", "li wei"],
  ["%", "%"],
  [" ", ""],
])("somebody types %j and looks for %j", (text, word) => {
  expect(searchedWord(text)).toBe(word);
});
