import { html } from "hono/html";
import { describe, expect, it } from "vitest";
import { phrase } from "../i18n/phrase.ts";
import { asText, clean, say, sayPlain, shown } from "./markup.ts";

describe("clean", () => {
  it.each([
    ["Ada", "Ada"],
    ["  Ada\r\n\tLovelace ", "Ada Lovelace"],
    ["evil\u202Egnp.exe", "evilgnp.exe"],
    ["\u2066a\u2069\u200E\u200F\u061Cb", "ab"],
    ["half \uD83D", "half \uFFFD"],
    ["👩‍👩‍👧", "👩‍👩‍👧"],
    ["x".repeat(81), `${"x".repeat(79)}…`],
    ["𠮷".repeat(80), "𠮷".repeat(80)],
  ])("makes %j fit to be seen", (text, seen) => {
    expect(clean(text)).toBe(seen);
  });
});

describe("say", () => {
  it("escapes texts and values, and isolates each value", () => {
    const name = "<b>Ada & Co</b>";
    expect(asText(say(phrase`Hello ${name}, "you"`))).toBe(
      "Hello <bdi>&lt;b&gt;Ada &amp; Co&lt;/b&gt;</bdi>, &quot;you&quot;",
    );
    expect(asText(say("1 < 2"))).toBe("1 &lt; 2");
  });

  it("lets the page choose how a value stands", () => {
    const command = "npx <x>";
    expect(asText(say(phrase`Run ${command}.`, (value) => html`<code>${value}</code>`))).toBe(
      "Run <code>npx &lt;x&gt;</code>.",
    );
  });
});

describe("sayPlain", () => {
  it("is for places without markup", () => {
    const name = "A\u202Eda";
    expect(sayPlain(phrase`Hello ${name}!`)).toBe("Hello Ada!");
    expect(sayPlain("Hello")).toBe("Hello");
  });
});

describe("shown", () => {
  it("cuts to what is asked for", () => {
    expect(asText(shown("abcdef", 4))).toBe("<bdi>abc…</bdi>");
  });
});

describe("asText", () => {
  it("refuses a page that would have to be waited for", () => {
    expect(() => asText(html`${Promise.resolve("late")}`)).toThrow("asynchronous");
  });
});
