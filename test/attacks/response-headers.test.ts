import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "../../src/http/routes.ts";
import { stylesheet } from "../../src/pages/assets.ts";
import { openSecureStage, SecurePerson } from "./secure-stage.ts";
import type { Stage } from "./stage.ts";

let stage: Stage;
let signedIn: SecurePerson;
beforeAll(async () => {
  stage = await openSecureStage();
  signedIn = new SecurePerson(stage.office.url);
  await signedIn.signIn("rehearsal", "bo");
});
afterAll(() => stage.close());

/** Addresses of a row of the table: one that exists, and one that does not where the path has a name in it. */
function addressesOf(path: string): readonly string[] {
  const known = path
    .replace(":provider", "rehearsal")
    .replace(":file", stylesheet.name)
    .replace(":id", "ses_x");
  return path.includes(":") ? [known, path.replace(/:\w+/, "no-such")] : [known];
}

const ROWS = ROUTES.flatMap(({ method, path }) =>
  addressesOf(path).map((address) => [method, address] as const),
);

/** Public keys are for everybody, from everywhere. Nothing else is. */
const FOR_EVERYBODY = ["/.well-known/jwks.json"];

/** What every answer must say, whatever it is. */
function expectGuardedHeaders({ headers }: Response, isForEverybody = false): void {
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("base-uri 'none'");
  expect(policy).toContain("form-action 'self'");
  expect(policy).not.toMatch(/unsafe-|script-src|\*/);
  expect(Object.fromEntries(headers)).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "strict-transport-security": expect.stringMatching(/^max-age=\d{8,}$/),
  });
  expect(headers.get("cross-origin-resource-policy")).toBe(isForEverybody ? "cross-origin" : "same-origin");
  expect(headers.get("access-control-allow-origin")).toBe(isForEverybody ? "*" : null);
  for (const name of ["server", "x-powered-by", "service-worker-allowed", "access-control-allow-credentials"])
    expect(headers.get(name)).toBeNull();
  if (isForEverybody) expect(headers.getSetCookie()).toEqual([]);
  expectNotKept(headers);
}

/** 4.24 to 4.26: only what is the same for everybody may be kept, and it sets no cookie. */
function expectNotKept(headers: Headers): void {
  const control = headers.get("cache-control") ?? "";
  if (/\bpublic\b/.test(control)) expect(headers.getSetCookie()).toEqual([]);
  else expect(control).toMatch(/\bno-store\b/);
}

describe.each(["somebody signed in", "a stranger"])("CVE-2026-35408 and its like: to %s", (who) => {
  const person = () => (who === "a stranger" ? new SecurePerson(stage.office.url) : signedIn);

  test.each(ROWS)("%s %s answers with every security header", async (method, address) => {
    // Signing out would end what the other rows need.
    const isEnd = /\/sign-out(?:-everywhere)?$/.test(address) && who !== "a stranger";
    const asking = isEnd ? await signIn() : person();
    for (const api of [false, true]) {
      const response =
        method === "POST"
          ? await asking.post(`/auth${address}`, {}, api ? { accept: "application/json" } : {})
          : await asking.request(`/auth${address}`, { api });
      expectGuardedHeaders(response, FOR_EVERYBODY.includes(address));
    }
  });
});

/** Somebody else: who signs out everywhere ends all that are theirs. */
async function signIn(): Promise<SecurePerson> {
  const person = new SecurePerson(stage.office.url);
  await person.signIn("rehearsal", "liwei");
  return person;
}

test.each([
  ["HEAD", "/auth/sign-in"],
  ["HEAD", "/auth/session"],
  ["OPTIONS", "/auth/session"],
  ["OPTIONS", "/auth/sign-in"],
  ["DELETE", "/auth/account"],
  ["PROPFIND", "/auth/callback/rehearsal"],
  ["GET", "/auth/no-such-door"],
  ["POST", "/auth/no-such-door"],
  ["GET", "/auth/account/x.css"],
  ["GET", "/auth/session;.js"],
  ["GET", "/auth/session/..%2fassets"],
  ["GET", "/auth/callback/rehearsal?code=x&state=y"],
  ["GET", "/auth/%ff"],
])("%s %s, which nobody asked for", async (method, path) => {
  for (const api of [false, true]) {
    const response = await signedIn.request(path, { method, api });
    expectGuardedHeaders(response);
    if (path.includes(".") || path.includes("%")) expect(response.status).toBe(404);
  }
});

test("the redirects of a whole sign-in", async () => {
  const person = new SecurePerson(stage.office.url);
  const start = await person.post("/auth/sign-in/rehearsal", { return_to: "/orders" });
  expectGuardedHeaders(start);
  const back = await person.request(await person.pick(new URL(start.headers.get("location") ?? ""), "bo"));
  expect(back.status).toBe(303);
  expectGuardedHeaders(back);
});

test("what a guard answers in place of the application", async () => {
  const stranger = new SecurePerson(stage.office.url);
  for (const api of [false, true]) {
    expectGuardedHeaders(await stranger.request("/admin", { api }));
    expectGuardedHeaders(await signedIn.request("/admin", { api }));
    expectGuardedHeaders(
      await signedIn.request("/admin", { method: "POST", api, headers: { origin: "null" } }),
    );
  }
});

test("4.24: what the application shows to somebody signed in is kept by no cache", async () => {
  const response = await signedIn.request("/orders");
  expect(response.headers.get("cache-control")).toBe("private, no-store");
});

test("4.24: pages depend on the cookie and on the language, and say so", async () => {
  for (const path of ["/auth/sign-in", "/auth/account", "/auth/signed-out", "/auth/no-such-door"]) {
    expect((await signedIn.request(path)).headers.get("vary")).toMatch(/Cookie.*Accept-Language/);
  }
});
