import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserFetch } from "../../src/testing/browser-fetch.ts";
import { Person } from "../../src/testing/person.ts";
import { openStage, type Stage } from "./stage.ts";

const CORPUS = JSON.parse(
  readFileSync(join(import.meta.dirname, "../return-to-corpus.json"), "utf8"),
) as Readonly<Record<string, readonly string[]>>;

const GROUPS = Object.entries(CORPUS);
/** Values that are as they should be: they come back byte for byte. */
const isLegitimate = (group: string) => group.startsWith("L ");

let stage: Stage;
beforeAll(async () => {
  // A listed front end opens no way to any other place.
  stage = await openStage({ options: { allowedOrigins: ["https://app.example"] } });
});
afterAll(() => stage.close());

/** As a browser resolves a `Location` of ours; a value outside ASCII could not even be sent. */
function expectOnOurOrigin(value: string, response: Response): URL {
  const location = response.headers.get("location") ?? "";
  expect([value, response.status]).toEqual([value, 303]);
  expect(location).toMatch(/^\/[\x21-\x7e]*$/);
  const url = new URL(location, `${stage.office.url}/auth/callback/rehearsal`);
  expect([value, url.origin]).toEqual([value, stage.office.url]);
  return url;
}

/** Where a sign-in that began so leads in the end. Both kinds of provider share this path, so one will do. */
async function finish(begun: Response, person: Person): Promise<Response> {
  return person.request(await person.pick(new URL(begun.headers.get("location") ?? ""), "bo"));
}

const encoded = (value: string) => encodeURIComponent(value.toWellFormed());

/** The ways into a sign-in, each with the value once; `null` = the page whose form is then posted. */
const WAYS: Readonly<Record<string, (person: Person, value: string) => Promise<Response>>> = {
  "the form": (person, value) => person.post("/auth/sign-in/rehearsal", { return_to: value }),
  "the query of the form's address": (person, value) =>
    person.post(`/auth/sign-in/rehearsal?return_to=${encoded(value)}`),
  "a link of our own pages": (person, value) =>
    person.request(`/auth/sign-in/rehearsal?return_to=${encoded(value)}`),
  "the sign-in page": async (person, value) => {
    const page = await person.request(`/auth/sign-in?return_to=${encoded(value)}`);
    expect(page.status).toBe(200);
    const field = /name="return_to" value="([^"]*)"/.exec(await page.text())?.[1];
    const kept = (field ?? "/").replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&");
    return person.post("/auth/sign-in/rehearsal", { return_to: kept });
  },
};

describe.each(Object.entries(WAYS))("CVE-2020-5233, CVE-2024-56734 …: by %s", (_, begin) => {
  test.each(GROUPS)("%s", async (group, values) => {
    for (const value of values) {
      const person = new Person(stage.office.url);
      const url = expectOnOurOrigin(value, await finish(await begin(person, value), person));
      const landed = url.pathname + url.search + url.hash;
      if (isLegitimate(group)) expect(landed).toBe(value);
      // Nothing that fell back keeps a trace of the other place.
      else if (landed === "/") expect(url.href).not.toContain("evil");
    }
  });
});

test.each(GROUPS)("percent-encoded once more: %s", async (_, values) => {
  for (const value of values) {
    const person = new Person(stage.office.url);
    const begun = await person.post("/auth/sign-in/rehearsal", { return_to: encoded(value) });
    expectOnOurOrigin(value, await finish(begun, person));
    const nested = await person.post("/auth/sign-in/rehearsal", { return_to: `/${encoded(value)}` });
    expectOnOurOrigin(value, await finish(nested, person));
  }
});

test("CVE-2025-71403: given twice, as a list, or in two places at once", async () => {
  for (const value of GROUPS.flatMap(([, values]) => values.slice(0, 3))) {
    const one = encoded(value);
    for (const body of [
      `return_to=%2F&return_to=${one}`,
      `return_to=${one}&return_to=%2F`,
      `return_to[]=${one}`,
      `return_to[0]=${one}`,
    ]) {
      for (const query of ["", `?return_to=${one}`]) {
        const person = new Person(stage.office.url);
        const headers = { "content-type": "application/x-www-form-urlencoded", origin: stage.office.url };
        const path = `/auth/sign-in/rehearsal${body.includes("[") ? "" : query}`;
        const begun = await person.request(path, { method: "POST", body, headers });
        const { pathname } = expectOnOurOrigin(value, await finish(begun, person));
        expect(pathname).toBe("/");
      }
    }
  }
});

describe("other doors that lead somewhere", () => {
  test.each(GROUPS)("preferences: %s", async (group, values) => {
    const person = new Person(stage.office.url);
    for (const value of values) {
      const plain = expectOnOurOrigin(value, await person.post("/auth/preferences", { return_to: value }));
      if (isLegitimate(group)) expect(plain.pathname + plain.search + plain.hash).toBe(value);
      expectOnOurOrigin(value, await person.post("/auth/preferences", { return_to: encoded(value) }));
      expectOnOurOrigin(value, await person.post(`/auth/preferences?return_to=${encoded(value)}`));
    }
  });

  test.each(GROUPS)("sign-out takes no place to go to at all: %s", async (_, values) => {
    const person = new Person(stage.office.url);
    for (const value of values) {
      for (const name of ["return_to", "redirect", "post_logout_redirect_uri", "next", "url"]) {
        const response = await person.post(`/auth/sign-out?${name}=${encoded(value)}`, { [name]: value });
        expect(response.headers.get("location")).toBe("/auth/signed-out");
      }
    }
  });

  test("CVE-2019-20479: third-party-initiated login parameters lead nowhere", async () => {
    const person = new Person(stage.office.url);
    const query = "iss=https%3A%2F%2Fevil.test&target_link_uri=https%3A%2F%2Fevil.test%2F&login_hint=x";
    for (const path of [`/auth/sign-in?${query}`, `/auth/sign-in/rehearsal?${query}`]) {
      const response = await person.request(path);
      const told = `${[...response.headers].flat().join("\n")}${await response.text()}`;
      expect(told).not.toContain("evil");
    }
  });

  test("the referrer of a refused form decides nothing but a path of ours", async () => {
    for (const [, values] of GROUPS) {
      for (const value of values.filter((text) => /^[\x20-\x7e]*$/.test(text))) {
        for (const referer of [
          value,
          `${stage.office.url}${value}`,
          `${stage.office.url}@evil.test${value}`,
        ]) {
          const person = new Person(stage.office.url);
          const response = await person.post("/auth/account/sign-out-others", {}, { referer });
          const page = expectOnOurOrigin(value, response);
          expect(page.pathname).toBe("/auth/sign-in");
          const begun = await person.post("/auth/sign-in/rehearsal", {
            return_to: page.searchParams.get("return_to") ?? "/",
          });
          expectOnOurOrigin(value, await finish(begun, person));
        }
      }
    }
  });
});

describe("CVE-2022-24794: the address of the request itself", () => {
  const TARGETS = [
    "//evil.test/x",
    "///evil.test/x",
    "/\\evil.test/x",
    "/\\/evil.test",
    "//evil.test/auth/sign-in",
    "/auth//evil.test",
    "/auth/..//evil.test",
    "http://evil.test/orders",
    "http://evil.test//evil.test/",
    "https://evil.test/auth/account",
    "/.//evil.test",
    "/%2f/evil.test",
    "/orders?to=//evil.test",
    "/;//evil.test",
    "/x@evil.test:80",
    "/https://evil.test",
    "*",
  ];

  test.each(TARGETS)("%s", async (target) => {
    const headers = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-site": "cross-site" };
    const response = await browserFetch(stage.office.url, { target, headers });
    expect(response.status).toBeLessThan(500);
    const location = response.headers.get("location");
    if (location === null) return;
    const url = new URL(location, stage.office.url);
    expect(url.origin).toBe(stage.office.url);
    const person = new Person(stage.office.url);
    const begun = await person.post("/auth/sign-in/rehearsal", {
      return_to: url.searchParams.get("return_to") ?? "/",
    });
    expectOnOurOrigin(target, await finish(begun, person));
  });
});
