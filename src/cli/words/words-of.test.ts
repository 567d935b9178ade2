import { expect, test } from "vitest";
import { localeOf } from "./words-of.ts";

test.each([
  [{}, "en"],
  [{ LC_ALL: "C" }, "en"],
  [{ LC_ALL: "POSIX", LANG: "zh_CN.UTF-8" }, "en"],
  [{ LC_ALL: "zh_CN.UTF-8" }, "zh-CN"],
  [{ LANG: "zh_CN.utf8@pinyin" }, "zh-CN"],
  [{ POSTERN_LANG: "zh-CN", LC_ALL: "en_GB.UTF-8" }, "zh-CN"],
  [{ POSTERN_LANG: "en", LC_ALL: "zh_CN.UTF-8" }, "en"],
  [{ POSTERN_LANG: "zh" }, "zh-CN"],
  [{ POSTERN_LANG: "zh_TW" }, "en"],
  [{ POSTERN_LANG: "fr" }, "en"],
  [{ POSTERN_LANG: "", LC_ALL: "", LANG: "zh_CN" }, "zh-CN"],
])("%j speaks %s", (env, locale) => {
  expect(localeOf(env)).toBe(locale);
});
