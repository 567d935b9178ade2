import { expect, test } from "vitest";
import { preferredLanguage } from "./language.ts";

test.each([
  [null, "en"],
  ["", "en"],
  ["zh", "zh-CN"],
  ["zh-TW,en;q=0.5", "zh-CN"],
  ["en-GB,zh;q=0.9", "en"],
  ["en;q=0.1, ZH-Hans;q=0.2", "zh-CN"],
  ["fr, zh;q=0.3", "zh-CN"],
  ["zh;q=0, en;q=0.1", "en"],
  ["zh;q=much", "en"],
  ["zhx", "en"],
])("%o → %s", (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});
