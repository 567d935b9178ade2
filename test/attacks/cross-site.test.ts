import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ROUTES } from "../../src/http/routes.ts";
import { type BrowserRequest, browserFetch } from "../../src/testing/browser-fetch.ts";
import { Person } from "../../src/testing/person.ts";
import { allEvents, openStage, type Stage } from "./stage.ts";
import { transactionCookies } from "./transaction.ts";

let stage: Stage;
let victim: Person;
beforeAll(async () => {
  stage = await openStage({ options: { allowedOrigins: ["https://front.example.com"] } });
});
afterAll(() => stage.close());
beforeEach(async () => {
  victim = new Person(stage.office.url);
  await victim.signIn("rehearsal", "bo");
});

const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** What other places make a browser send. `@` is our own origin. */
const FOREIGN: readonly (readonly [string, Record<string, string>])[] = [
  ["another site", { origin: "https://evil.test", "sec-fetch-site": "cross-site" }],
  ["another site, by an old browser", { origin: "https://evil.test" }],
  ["a sibling host", { origin: "http://evil.localhost", "sec-fetch-site": "same-site" }],
  ["another port", { origin: "http://localhost:1", "sec-fetch-site": "same-site" }],
  ["another scheme", { origin: "https://localhost", "sec-fetch-site": "cross-site" }],
  ["our origin with a slash", { origin: "@/" }],
  ["our origin as a prefix", { origin: "@.evil.test" }],
  ["our origin in capitals", { origin: "HTTP://LOCALHOST" }],
  ["our origin and another", { origin: "@, https://evil.test" }],
  ["a sandboxed frame", { origin: "null", "sec-fetch-site": "cross-site" }],
  ["a sandboxed frame of a sibling", { origin: "null", "sec-fetch-site": "same-site" }],
  ["an opaque origin, by an old browser", { origin: "null" }],
  ["an empty origin", { origin: "" }],
  ["a site without origin", { "sec-fetch-site": "cross-site" }],
  ["a sibling without origin", { "sec-fetch-site": "same-site" }],
  ["an unknown word", { "sec-fetch-site": "none, same-origin" }],
  [
    "origin says we, Fetch Metadata is missing, referrer is foreign",
    { origin: "https://evil.test", referer: "@/" },
  ],
];

/** What the victim's browser sends for somebody else's page: its cookies and these headers, nothing of our own pages. */
async function foreignRequest(path: string, init: BrowserRequest): Promise<Response> {
  const headers = Object.entries({ accept: "text/html", cookie: victim.jar.header(), ...init.headers });
  const response = await browserFetch(new URL(path, stage.office.url), {
    ...init,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, value.replace("@", stage.office.url)])),
  });
  victim.jar.take(response);
  return response;
}

const POSTS = ROUTES.filter(({ method, crossOrigin }) => method === "POST" && crossOrigin === undefined).map(
  ({ path }) => path.replace(":provider", "rehearsal").replace(":id", "ses_x"),
);

describe("CSRF: every door that changes something", () => {
  test("the table has such doors", () => {
    expect(POSTS).toContain("/sign-out");
    expect(POSTS.length).toBeGreaterThanOrEqual(5);
  });

  test.each(FOREIGN)(
    "CVE-2025-24358, 1Panel CVE-2025-34410: a POST from %s changes nothing",
    async (_, headers) => {
      const session = await victim.session();
      const events = (await allEvents(stage)).length;
      const cookies = victim.jar.header();
      for (const path of POSTS) {
        const response = await foreignRequest(`/auth${path}`, {
          method: "POST",
          body: "",
          headers: { ...FORM, ...headers },
        });
        expect([path, response.status]).toEqual([path, 403]);
        expect(response.headers.getSetCookie()).toEqual([]);
        expect(response.headers.get("access-control-allow-origin")).toBeNull();
      }
      expect(victim.jar.header()).toBe(cookies);
      expect(await victim.session()).toEqual(session);
      expect((await allEvents(stage)).length).toBe(events);
    },
  );
});

describe("sign-out CSRF", () => {
  test.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "QUERY"])("%s signs nobody out", async (method) => {
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-origin" }, {}]) {
      const response = await foreignRequest("/auth/sign-out", { method, headers });
      expect(response.status).toBe(405);
      expect(response.headers.get("allow")).toBe("POST");
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await victim.session()).not.toBeNull();
  });

  test.each([
    ["X-HTTP-Method-Override", { "x-http-method-override": "POST" }, ""],
    ["X-Method-Override", { "x-method-override": "POST", "x-http-method": "POST" }, ""],
    ["_method in the query", {}, "?_method=POST"],
  ])("method override: %s is not listened to", async (_, headers, query) => {
    const response = await foreignRequest(`/auth/sign-out${query}`, { headers });
    expect(response.status).toBe(405);
    expect(await victim.session()).not.toBeNull();
  });

  test("from our own page, also when its form posts Origin: null; and from a listed front end", async () => {
    for (const headers of [
      { origin: "@" },
      { origin: "null", "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "same-origin" },
      { origin: "https://front.example.com", "sec-fetch-site": "cross-site" },
    ] as Record<string, string>[]) {
      victim = new Person(stage.office.url);
      await victim.signIn("rehearsal", "bo");
      const response = await foreignRequest("/auth/sign-out", { method: "POST", headers });
      expect(response.headers.get("location")).toBe("/auth/signed-out");
      expect(await victim.session()).toBeNull();
    }
  });

  test("the listed front end may sign out and ask for tokens, but not begin a sign-in or end other devices", async () => {
    const headers = { ...FORM, origin: "https://front.example.com" };
    const theirs = ROUTES.filter(({ cors }) => cors).map(({ path }) => path);
    expect(theirs).toEqual(expect.arrayContaining(["/session", "/sign-out", "/token"]));
    for (const path of POSTS.filter((path) => !theirs.includes(path))) {
      const response = await foreignRequest(`/auth${path}`, { method: "POST", body: "", headers });
      expect([path, response.status]).toEqual([path, 403]);
    }
  });

  test("CVE-2023-45128: no other origin can read who is signed in", async () => {
    const preflight = { "access-control-request-method": "POST", "access-control-request-headers": "x-a" };
    for (const origin of [
      "https://evil.test",
      "null",
      "https://front.example.com.evil.test",
      "http://front.example.com",
    ]) {
      for (const path of ["/auth/session", "/auth/sign-out", "/auth/account", "/auth/sign-in"]) {
        for (const init of [
          { headers: { origin } },
          { method: "OPTIONS", headers: { origin, ...preflight } },
        ]) {
          const response = await foreignRequest(path, init);
          expect(response.headers.get("access-control-allow-origin")).toBeNull();
          expect(response.headers.get("access-control-allow-credentials")).toBeNull();
        }
      }
    }
  });
});

describe("login CSRF", () => {
  const NAVIGATION = { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };

  test.each(["cross-site", "same-site", "same-origin, cross-site", "", "SAME-ORIGIN"])(
    "django-allauth 0.47.0, CVE-2015-9284: a link from %j begins nothing",
    async (site) => {
      for (const path of [
        "/auth/sign-in/rehearsal?return_to=%2Forders",
        "/auth/sign-in/github?return_to=%2Forders",
      ]) {
        for (const method of ["GET", "HEAD"]) {
          const headers = { ...NAVIGATION, "sec-fetch-site": site };
          const response = await foreignRequest(path, { method, headers });
          expect(response.status).toBe(303);
          expect(response.headers.get("location")).toBe("/auth/sign-in?return_to=%2Forders");
          expect(response.headers.getSetCookie()).toEqual([]);
        }
      }
      expect(transactionCookies(victim)).toEqual([]);
    },
  );

  test.each([
    [
      "a script's request",
      { "sec-fetch-mode": "cors", "sec-fetch-dest": "empty", "sec-fetch-site": "same-origin" },
    ],
    ["an image", { "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image", "sec-fetch-site": "same-origin" }],
    [
      "a frame",
      { "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "sec-fetch-site": "same-origin" },
    ],
    ["a browser without Fetch Metadata", {}],
    ["a foreign page by an old browser", { origin: "https://evil.test", referer: "https://evil.test/" }],
  ] as [string, Record<string, string>][])("… and neither does %s", async (_, headers) => {
    const response = await foreignRequest("/auth/sign-in/rehearsal", { headers });
    expect(response.headers.get("location")).toBe("/auth/sign-in");
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test.each(["same-origin", "none"])("a link of our own pages, or typed by hand (%s), does", async (site) => {
    const headers = { ...NAVIGATION, "sec-fetch-site": site };
    const response = await foreignRequest("/auth/sign-in/rehearsal", { headers });
    expect(new URL(response.headers.get("location") ?? "").origin).toBe(stage.rehearsal.url);
  });

  test("reading pages begins nothing and changes nothing, whoever asks", async () => {
    const before = (await allEvents(stage)).length;
    const session = await victim.session();
    for (const { method, path } of ROUTES) {
      if (method !== "GET" || path.includes("callback")) continue;
      const address = `/auth${path.replace(":provider", "rehearsal").replace(":file", "x")}`;
      const response = await foreignRequest(address, { headers: { "sec-fetch-site": "cross-site" } });
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect((await allEvents(stage)).length).toBe(before);
    expect(await victim.session()).toEqual(session);
  });
});

describe("content-type confusion", () => {
  test.each(["text/plain", "application/json", "multipart/form-data; boundary=x", "x"])(
    "a form of ours in %s is refused",
    async (type) => {
      const headers = { "content-type": type, origin: "@" };
      for (const path of ["/auth/sign-in/rehearsal", "/auth/preferences"]) {
        const body = '{"return_to":"/orders","locale":"zh-CN"}=';
        const response = await foreignRequest(path, { method: "POST", body, headers });
        expect(response.status).toBe(415);
        expect(response.headers.getSetCookie()).toEqual([]);
      }
    },
  );

  test("a field that asks for another method or another door is a field and nothing else", async () => {
    const fields = { _method: "DELETE", "x-http-method-override": "DELETE", action: "/auth/sign-out" };
    const response = await victim.post("/auth/preferences", fields);
    expect(response.headers.get("location")).toBe("/");
    expect(await victim.session()).not.toBeNull();
  });
});

describe("a guarded page of the application", () => {
  test.each(FOREIGN)(
    "no change asked for from %s reaches it, whatever it calls its body",
    async (_, headers) => {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
          const init = { method, body: '{"refund":1001}', headers: { "content-type": type, ...headers } };
          const response = await foreignRequest("/orders", init);
          expect([method, type, response.status]).toEqual([method, type, 403]);
          expect(response.headers.get("access-control-allow-origin")).toBeNull();
        }
      }
      // Reading changes nothing; the browser keeps what is answered from the other origin's script.
      for (const method of ["GET", "HEAD"]) {
        const response = await foreignRequest("/orders", { method, headers });
        expect([method, response.headers.get("access-control-allow-origin")]).toEqual([method, null]);
      }
    },
  );

  test("a listed front end reaches it, and its preflight is answered without a session", async () => {
    const headers = { origin: "https://front.example.com", "sec-fetch-site": "same-site" };
    const init = { method: "POST", body: "{}", headers: { ...headers, "content-type": "application/json" } };
    expect((await foreignRequest("/orders", init)).status).toBe(200);
    const asking = { ...headers, cookie: "", "access-control-request-method": "POST" };
    const preflight = await foreignRequest("/orders", { method: "OPTIONS", headers: asking });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("https://front.example.com");
  });

  test("tab-nabbing by a sibling: a change asked for by another origin does not reach it", async () => {
    for (const headers of [{ origin: "http://localhost:1" }, { origin: "https://evil.test" }] as Record<
      string,
      string
    >[]) {
      const response = await foreignRequest("/orders", { method: "POST", body: "", headers });
      expect(response.status).toBe(403);
    }
    expect(
      (await foreignRequest("/orders", { method: "POST", body: "", headers: { origin: "@" } })).status,
    ).toBe(200);
  });
});
