import { expect, test } from "vitest";
import { codeBlocksOf, headingLevelsOf } from "./markdown.ts";

const PAGE = [
  "# Title",
  "",
  "```ts",
  "# not a heading",
  "```",
  "## Part",
  "- item",
  "  ~~~sh title=x",
  "  npm test",
  "    indented",
  "",
  "  ~~~",
  "````",
  "```",
  "````",
].join("\n");

test("finds the blocks, their language, their line, and takes off the indent of a list", () => {
  expect(codeBlocksOf("p.md", PAGE)).toEqual([
    { page: "p.md", line: 4, language: "ts", text: "# not a heading" },
    { page: "p.md", line: 9, language: "sh", text: "npm test\n  indented\n" },
    { page: "p.md", line: 14, language: "", text: "```" },
  ]);
});

test("finds the headings outside of code", () => {
  expect(headingLevelsOf("p.md", PAGE)).toEqual([1, 2]);
});

test("says where a block begins that never ends", () => {
  expect(() => codeBlocksOf("p.md", "text\n```ts\ncode")).toThrow("p.md:2");
});
