import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LOCALES, type Locale } from "./locale.ts";
import { negotiate } from "./negotiate.ts";

describe("negotiate", () => {
  it.each<[acceptLanguage: string, fallback: Locale, spoken: Locale]>([
    ["zh-CN,zh;q=0.9,en;q=0.8", "en", "zh-CN"],
    ["en-GB,en;q=0.9,zh-CN;q=0.8", "zh-CN", "en"],
    ["zh", "en", "zh-CN"],
    ["zh-Hans", "en", "zh-CN"],
    ["zh-Hans-SG", "en", "zh-CN"],
    ["zh-SG", "en", "zh-CN"],
    ["ZH-cn", "en", "zh-CN"],
    ["zh-TW,en;q=0.5", "zh-CN", "en"],
    ["zh-Hant-HK", "en", "en"],
    ["en;q=0.2, zh;q=0.7", "en", "zh-CN"],
    ["en; q=0.5 , zh-CN ; q = 0.6", "en", "zh-CN"],
    ["en,zh-CN", "zh-CN", "en"],
    ["zh-CN;q=0,en;q=0.1", "zh-CN", "en"],
    ["de-DE,de;q=0.9", "zh-CN", "zh-CN"],
    ["*", "zh-CN", "zh-CN"],
    ["de, *;q=0.5, en;q=0.1", "zh-CN", "zh-CN"],
    ["en;q=high,zh;q=0.1", "en", "zh-CN"],
    ["en;q=9,zh;q=0.1", "en", "zh-CN"],
    ["english", "zh-CN", "zh-CN"],
    ["zhong", "en", "en"],
    ["", "zh-CN", "zh-CN"],
    [",;q=1,;;,", "en", "en"],
  ])("answers %j with fallback %s by %s", (acceptLanguage, fallback, spoken) => {
    expect(negotiate({ acceptLanguage, fallback })).toBe(spoken);
  });

  it("prefers what was chosen before", () => {
    expect(negotiate({ cookie: "zh-CN", acceptLanguage: "en", fallback: "en" })).toBe("zh-CN");
  });

  it.each(["", "zh", "EN", "fr", "__proto__", "en "])("ignores the cookie %j", (cookie) => {
    expect(negotiate({ cookie, acceptLanguage: "zh-CN", fallback: "en" })).toBe("zh-CN");
  });

  it("falls back when nothing is said", () => {
    expect(negotiate({ cookie: null, acceptLanguage: null, fallback: "zh-CN" })).toBe("zh-CN");
  });

  it("reads no further than a browser would write", () => {
    const late = `${"x,".repeat(5_000_000)}zh-CN`;
    expect(negotiate({ acceptLanguage: late, fallback: "en" })).toBe("en");
  });

  it("answers one of its languages whatever arrives", () => {
    fc.assert(
      fc.property(anyString(), anyString(), (cookie, acceptLanguage) => {
        expect(LOCALES).toContain(negotiate({ cookie, acceptLanguage, fallback: "en" }));
      }),
    );
  });
});

/** Any sequence of UTF-16 units, halves of pairs among them. */
function anyString(): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
}
