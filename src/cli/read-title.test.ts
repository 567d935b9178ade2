import { expect, test } from "vitest";
import { readTitle } from "./read-title.ts";

const BEFORE = { en: "Money", "zh-CN": "钱" };

test.each([
  [undefined, undefined],
  [[""], null],
  [["Finance"], "Finance"],
  [["Once", "Twice"], "Twice"],
  [["en=Finance", "zh-CN=财务"], { en: "Finance", "zh-CN": "财务" }],
  [["zh-CN=财务", "Finance"], { en: "Finance", "zh-CN": "财务" }],
  [["zh-CN=财务"], { en: "Money", "zh-CN": "财务" }],
  [["en=a=b"], { en: "a=b", "zh-CN": "钱" }],
  // Empty in one language is no title: the verb refuses it.
  [["en="], { en: "", "zh-CN": "钱" }],
  // No language of ours.
  [["fr=Finances"], "fr=Finances"],
  [["constructor=x"], "constructor=x"],
])("%j is %j", (texts, title) => {
  expect(readTitle(texts, BEFORE)).toEqual(title);
});
