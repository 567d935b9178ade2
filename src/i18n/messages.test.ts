import { describe, expect, it } from "vitest";
import { ERRORS, type ErrorCode } from "../errors.ts";
import { LOCALES } from "./locale.ts";
import { messages } from "./messages.ts";
import { type Phrase, plainText } from "./phrase.ts";

const CODES = Object.keys(ERRORS) as ErrorCode[];
const KNOWN = { app: "Acme", provider: "GitHub", handle: "tbecker", minutes: 3 };
const UNKNOWN = { app: "Acme", provider: null, handle: null, minutes: null };

describe.each(LOCALES)("messages in %s", (locale) => {
  const { codes } = messages(locale).error;

  it.each(CODES)("%s has a title, a sentence and a button, with and without what they name", (code) => {
    for (const parameters of [KNOWN, UNKNOWN]) {
      const { title, sentence, action } = codes[code](parameters);
      for (const text of [plainText(title), plainText(sentence), action]) {
        expect(text.trim()).not.toBe("");
        expect(text).not.toMatch(/undefined|null|NaN|\[object|[{}$]/);
      }
      expect(plainText(sentence)).toMatch(locale === "en" ? /\.$/ : /。$/);
      expect(plainText(title)).not.toMatch(/[.。!！]$/);
    }
  });

  it("has no text for a code that does not exist", () => {
    expect(Object.keys(codes).sort()).toEqual([...CODES].sort());
  });

  it("says no code in the same words as another", () => {
    const titles = CODES.map((code) => plainText(codes[code](KNOWN).title));
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("names the provider, the handle, the application and the minutes where they matter", () => {
    const words = (code: ErrorCode) => {
      const { title, sentence } = codes[code](KNOWN);
      return plainText(title) + plainText(sentence);
    };
    expect(words("provider_unavailable")).toContain("GitHub");
    expect(words("not_allowed")).toContain("tbecker");
    expect(words("not_allowed")).toContain("Acme");
    expect(words("rate_limited")).toContain("3");
  });

  it("counts devices", () => {
    const { othersSignedOut } = messages(locale).account;
    const said = [0, 1, 3].map(othersSignedOut);
    expect(said).toEqual(
      locale === "en"
        ? [
            "You were not signed in anywhere else.",
            "1 other device was signed out.",
            "3 other devices were signed out.",
          ]
        : ["你没有在其他设备上登录。", "已退出其他 1 台设备。", "已退出其他 3 台设备。"],
    );
  });
});

describe("the languages", () => {
  it("are both really there: no sentence is left in the other language", () => {
    const texts = (value: unknown): string[] => {
      if (typeof value === "string") return [value];
      if (typeof value === "function") return texts(value("Acme", "GitHub"));
      if (isPhrase(value)) return [value.texts.join("")];
      return Object.values(value as object).flatMap(texts);
    };
    const { codes: _, ...english } = messages("en").error;
    const { codes: __, ...chinese } = messages("zh-CN").error;
    for (const text of texts({ ...messages("en"), error: english }))
      expect(text).not.toMatch(/\p{Script=Han}/u);
    for (const text of texts({ ...messages("zh-CN"), error: chinese }))
      expect(text).toMatch(/\p{Script=Han}/u);
    for (const code of CODES) {
      expect(texts(messages("en").error.codes[code](UNKNOWN)).join("")).not.toMatch(/\p{Script=Han}/u);
      for (const text of texts(messages("zh-CN").error.codes[code](UNKNOWN)))
        expect(text).toMatch(/\p{Script=Han}/u);
    }
  });
});

function isPhrase(value: unknown): value is Phrase {
  return typeof value === "object" && value !== null && "texts" in value;
}
