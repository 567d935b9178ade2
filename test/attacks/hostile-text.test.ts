import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { type ReadElement, readMarkup } from "../support/read-markup.ts";
import { openStage, type Stage } from "./stage.ts";

const MARK = "xss-canary";
const HOSTILE = [
  `<script>alert("${MARK}")</script>`,
  `"><img src=x onerror=alert(1)>${MARK}`,
  `'><svg/onload=alert(1)>${MARK}`,
  `</title></style></textarea><script>${MARK}</script>`,
  `" autofocus onfocus=alert(1) x="${MARK}`,
  `${MARK}&lt;script&gt;&quot;&#x27;&amp;`,
  `<!--${MARK}--><![CDATA[${MARK}]]>`,
  `javascript:alert('${MARK}')`,
  `{{constructor.constructor('${MARK}')()}}$(${MARK})`,
  `<a href="https://evil.test/">${MARK}</a>`,
];

let stage: Stage;
beforeAll(async () => {
  const places = Object.fromEntries(HOSTILE.map((text, at) => [`/place-${at}`, { en: text, "zh-CN": text }]));
  stage = await openStage({
    options: {
      brand: { name: "Acme <Back> & Office", places },
      access: [{ when: { provider: "rehearsal" }, then: "allow" }],
    },
  });
});
afterAll(() => stage.close());

const AT_WORK = new Set([
  "script",
  "iframe",
  "object",
  "embed",
  "base",
  "style",
  "img",
  "image",
  "animate",
  "set",
]);

/** Reads a page as strictly as can be and makes sure that nothing in it can run or lead away. */
async function readSafely(response: Response): Promise<readonly ReadElement[]> {
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("content-security-policy")).not.toMatch(/script-src|unsafe/);
  const elements = readMarkup(await response.text());
  for (const { tag, attributes } of elements) {
    expect(AT_WORK.has(tag)).toBe(false);
    for (const [name, value] of Object.entries(attributes)) {
      expect(name).not.toMatch(/^on|^style$|^srcdoc$/i);
      if (["href", "action", "src", "formaction"].includes(name)) {
        expect(value).toMatch(/^(\/|#|mailto:|https:\/\/|data:image\/)/);
        expect(value).not.toContain("evil.test");
      }
    }
  }
  return elements;
}

const textOf = (elements: readonly ReadElement[]) => elements.find(({ tag }) => tag === "html")?.text ?? "";

function comeAs(hostile: string, at: number) {
  const id = `load-${900 + at}`;
  const known = stage.rehearsal.personas.find((persona) => persona.id === id);
  if (known !== undefined) return id;
  stage.rehearsal.setPersona({
    id,
    name: hostile,
    // Local parts may hold nearly everything (RFC 5322 §3.4.1), just no bare spaces.
    email: `${hostile.replaceAll(/[\s@]/g, "")}@elsewhere.example`,
    emailVerified: true,
    subject: `${at}${hostile}`.replaceAll(/[^ -~]/g, "").slice(0, 200),
    github: { id: 5000 + at, login: hostile },
    about: { en: "", "zh-CN": "" },
  });
  return id;
}

describe.each(HOSTILE.map((text, at) => [at, text] as const))(
  "CVE-2024-41658, CVE-2024-29891: %s %s",
  (at, text) => {
    test.each(["en", "zh-CN"])(
      "as name, e-mail and user agent, on every page that shows them (%s)",
      async (language) => {
        const person = new Person(stage.office.url);
        const headers = { "accept-language": language };
        const callback = await person.pick(await person.start("rehearsal"), comeAs(text, at));
        const agent = { ...headers, "user-agent": `Mozilla/5.0 ${text}` };
        expect((await person.request(callback, { headers: agent })).status).toBe(303);

        const account = await readSafely(await person.request("/auth/account", { headers }));
        expect(textOf(account)).toContain(text);
        const denied = await readSafely(await person.request("/admin", { headers }));
        expect(textOf(denied)).toContain(text);
      },
    );

    test("as a handle on the page that turns somebody away", async () => {
      const person = new Person(stage.office.url);
      const refused = await person.signIn("github", comeAs(text, at));
      expect(refused.status).toBe(403);
      expect(textOf(await readSafely(refused))).toContain(text);
    });

    test("as the name of a place, and as the return path itself", async () => {
      const person = new Person(stage.office.url);
      const page = await readSafely(await person.request(`/auth/sign-in?return_to=%2Fplace-${at}`));
      expect(textOf(page)).toContain(text);
      for (const path of [`/${text}`, text, `/x?q=${text}`, `/x#${text}`]) {
        await readSafely(await person.request(`/auth/sign-in?return_to=${encodeURIComponent(path)}`));
        await readSafely(await person.request(`/auth/no-such-door?return_to=${encodeURIComponent(path)}`));
      }
    });

    test("in every part of an address that ends on a page", async () => {
      const person = new Person(stage.office.url);
      await person.signIn("rehearsal", "bo");
      const value = encodeURIComponent(text);
      for (const path of [
        `/auth/${value}`,
        `/auth/callback/${value}?code=${value}`,
        `/auth/callback/rehearsal?error=${value}&error_description=${value}&state=${value}`,
        `/auth/sign-in/${value}`,
        `/auth/account?signed_out_device=${value}&signed_out_others=${value}`,
        `/auth/assets/${value}`,
        `/admin?${value}`,
      ]) {
        const response = await person.request(path);
        if (response.status === 303) continue;
        expect(textOf(await readSafely(response))).not.toContain(MARK);
      }
    });
  },
);

test("names that turn the line around or hide in it are shown isolated and without control characters", async () => {
  const person = new Person(stage.office.url);
  stage.rehearsal.setPersona({
    id: "load-990",
    name: "\u202eecarG\u202c \u0000\u0007\u200b<b>",
    email: null,
    emailVerified: false,
    subject: "990",
    github: { id: 990, login: "x" },
    about: { en: "", "zh-CN": "" },
  });
  await person.signIn("rehearsal", "load-990");
  const response = await person.request("/auth/account");
  expect(textOf(await readSafely(response))).not.toMatch(/[^\P{C}\n]/u);
});
