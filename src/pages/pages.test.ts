import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  accountView,
  errorView,
  pageContext,
  pageStates,
  signInView,
} from "../../test/support/page-states.ts";
import { type ReadElement, readMarkup } from "../../test/support/read-markup.ts";
import { LOCALES } from "../i18n/locale.ts";
import { accountPage } from "./account-page.ts";
import { errorPage } from "./error-page.ts";
import { ownerLinkPage } from "./owner-link-page.ts";
import type { PageContext } from "./page-context.ts";
import { signInPage } from "./sign-in-page.ts";
import { signedOutPage } from "./signed-out-page.ts";

describe.each(LOCALES)("every page in %s", (locale) => {
  it.each(pageStates(locale, "dark"))("$name is sound", ({ html }) => {
    const elements = readMarkup(html);
    const all = (tag: string) => elements.filter((element) => element.tag === tag);

    expect(html).toMatch(/^<!doctype html>\n/);
    expect(all("html")[0]?.attributes).toEqual({ lang: locale, "data-theme": "dark" });
    expect(all("title").map(({ text }) => text.trim())).toEqual([expect.stringContaining("Acme")]);
    expect(all("h1").map(({ text }) => text.trim())).toEqual([expect.stringMatching(/\S/)]);
    expect(all("main")).toHaveLength(1);

    expect(all("script")).toEqual([]);
    expect(all("style")).toEqual([]);
    expect(all("img")).toEqual([]);
    for (const { attributes } of elements) {
      expect(Object.keys(attributes).filter((name) => /^on|^style$|^srcdoc$/.test(name))).toEqual([]);
    }

    for (const button of all("button")) expect(nameOf(button)).not.toBe("");
    for (const link of all("a")) expect(nameOf(link)).not.toBe("");
    for (const input of all("input")) expect(input.attributes.type).toBe("hidden");
    for (const form of all("form"))
      expect(form.attributes).toMatchObject({ method: "post", action: expect.stringMatching(/^\/auth\//) });
    for (const { attributes } of all("a"))
      expect(attributes.href).toMatch(/^(?:\/(?!\/)|mailto:|https:\/\/app\.acme\.example\/)/);

    const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of elements) {
      for (const id of [attributes["aria-describedby"], attributes["aria-labelledby"]]) {
        if (id !== undefined) expect(ids).toContain(id);
      }
    }
  });
});

test("Chinese sentences follow one another without a space", () => {
  const paragraphs = pageStates("zh-CN", "light").flatMap(({ html }) =>
    readMarkup(html).flatMap(({ attributes, text }) => (attributes.class === "lead" ? [text] : [])),
  );
  expect(paragraphs.filter((text) => /[。，；：？！]\s+\p{Script=Han}/u.test(text))).toEqual([]);
  expect(paragraphs.join("")).toContain("用它登录的设备会退出登录。当前设备也会退出");
});

describe("text from outside", () => {
  const skeleton = (html: string) =>
    readMarkup(html).map(
      ({ tag, attributes }) => `${tag} ${Object.keys(attributes).join(" ")} ${attributes.class ?? ""}`,
    );
  const plain = PAGES("x").map(skeleton);

  it("never changes the tags of a page, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(anyString(), hostile()), (text) => {
        expect(PAGES(text).map(skeleton)).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  it("stands in its own direction, cut, wherever it stands in a text", () => {
    const arabic = "مرحبا";
    for (const html of PAGES(`${arabic}${"é".repeat(5000)}`)) {
      const bearers = readMarkup(html).filter(({ tag, text }) => text.includes(arabic) && isLeafOf(tag));
      expect(bearers.length).toBeGreaterThan(0);
      for (const { text } of bearers) expect(text.length).toBeLessThanOrEqual(600);
      const bare = readMarkup(html.replace(/<(bdi|title|dt)>[^<]*<\/\1>/g, ""));
      expect(bare.map(({ text }) => text).join("")).not.toContain(arabic);
    }
  });

  it("leads nowhere but to a mail or an https address when it is the support", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), hostile(), fc.webUrl(), fc.emailAddress()), (support) => {
        const brand = { ...pageContext("en", "light").brand, support };
        const html = errorPage(pageContext("en", "light", { brand }), errorView("suspended"));
        for (const { tag, attributes } of readMarkup(html)) {
          if (tag === "a") expect(attributes.href).toMatch(/^(?:\/auth\/|mailto:|https:\/\/)/);
        }
      }),
    );
  });
});

/** One page of each kind with `text` in every field that a stranger could fill. */
function PAGES(text: string): readonly string[] {
  const user = { name: text, email: text };
  const context: PageContext = pageContext("zh-CN", "light", {
    user,
    preferencesReturnTo: text,
    brand: { name: { en: text, "zh-CN": text }, support: null, places: {} },
  });
  const { me, identities, devices } = accountView("en");
  return [
    signInPage(
      context,
      signInView("en", {
        providers: signInView("en").providers.map((provider) => ({
          ...provider,
          id: text,
          name: text,
          mark: `M0 ${text}`,
          troubled: true,
        })),
        returnTo: { path: text, label: text },
        notice: { kind: "error", text, reference: text },
      }),
    ),
    errorPage(
      context,
      errorView("not_allowed", {
        reference: text,
        provider: { id: text, name: text },
        handle: text,
        returnTo: text,
        technical: { [`x${text}`]: text },
      }),
    ),
    errorPage(context, errorView("permission_denied", { returnTo: text })),
    errorPage(
      context,
      errorView("provider_unavailable", { provider: { id: text, name: text }, returnTo: text }),
    ),
    signedOutPage(context, { stillSignedInAt: text }),
    accountPage(context, {
      me: { ...me, name: `A${text}`, email: text, roles: [{ role: `r${text}`, source: "direct" }] },
      identities: identities.map((identity) => ({
        ...identity,
        id: text,
        provider: { name: text, mark: `M0 ${text}` },
        handle: `h${text}`,
        email: `e${text}`,
      })),
      ways: [{ id: text, name: text, mark: `M0 ${text}` }],
      question: { kind: "remove", id: text, provider: text, handle: text, endsThisSession: true },
      devices: devices.map((device) => ({
        ...device,
        id: text,
        userAgent: `agent ${text}`,
        address: text,
        provider: text,
      })),
      breakGlass: [{ id: text, name: text, reason: text, usedAt: 0, mayReview: true }],
      notice: { kind: "info", text, reference: null },
      now: 0,
    }),
    ownerLinkPage(context, { secret: "a-secret", signsIn: text }),
  ];
}

function hostile(): fc.Arbitrary<string> {
  return fc.constantFrom(
    `"><script>alert(1)</script>`,
    `' onmouseover='alert(1)`,
    `</bdi></p><img src=x onerror=alert(1)>`,
    `</title><svg/onload=alert(1)>`,
    `<!--`,
    `]]>`,
    `&lt;script&gt;&#x3c;`,
    `javascript:alert(1)`,
    `\u202Emoc.live//:sptth`,
    `\u0000<b>\uD800`,
    `{{7*7}}\${7*7}`,
    `__proto__`,
    "Z\u0310\u0312\u0300".repeat(500),
  );
}

function isLeafOf(tag: string): boolean {
  return tag === "bdi" || tag === "title" || tag === "dt";
}

function nameOf({ text, attributes }: ReadElement): string {
  return (attributes["aria-label"] ?? text).trim();
}

/** Any sequence of UTF-16 units, halves of pairs among them. */
function anyString(): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
}
