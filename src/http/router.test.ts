import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { openRawDatabase } from "../../test/support/raw-database.ts";
import { SILENT_LOG } from "../model/log.ts";
import { CookieJar } from "../testing/cookie-jar.ts";
import { createRouter, type Router } from "./router.ts";
import { ROUTES } from "./routes.ts";

const SITE = "https://admin.example.com";
const FORM = { "content-type": "application/x-www-form-urlencoded", origin: SITE };
let office: TestRuntime;
let router: Router;
const errors: object[] = [];

beforeAll(async () => {
  const log = { ...SILENT_LOG, error: (fields: object) => void errors.push(fields) };
  office = await openTestRuntime({ roles: { lead: ["orders.refund", "orders.read"] }, log });
  router = createRouter(office.runtime);
});
afterAll(() => office.close());

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await router(new Request(SITE + path, init));
  if (response === null) throw new Error(`${path} is not ours`);
  return response;
}

const start = (headers: Record<string, string> = {}) =>
  ask("/auth/sign-in/github", {
    method: "POST",
    headers: { ...FORM, ...headers },
    body: "return_to=%2Forders",
  });

test.each(["/", "/orders", "/authentic", "/Auth/sign-in", "/auth%2fsign-in"])(
  "%s is not ours",
  async (path) => {
    expect(await router(new Request(SITE + path))).toBeNull();
  },
);

test("what has no row is not found, and a row answers no other method", async () => {
  expect((await ask("/auth/nowhere")).status).toBe(404);
  for (const path of new Set(ROUTES.map((row) => row.path))) {
    const methods = ROUTES.filter((row) => row.path === path).map(({ method }) => method);
    const response = await ask(`/auth${path === "/" ? "" : path.replace(/:\w+/, "github")}`, {
      method: "DELETE",
      headers: { origin: SITE },
    });
    expect(response.status, path).toBe(405);
    expect(response.headers.get("allow"), path).toBe(methods.join(", "));
  }
});

describe("the start of a sign-in", () => {
  test("leads to the provider with PKCE, and binds it to this browser for ten minutes", async () => {
    const response = await start();
    expect(response.status).toBe(303);
    const { origin, pathname, searchParams } = new URL(response.headers.get("location") ?? "");
    expect(origin + pathname).toBe("https://github.com/login/oauth/authorize");
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: "code",
      client_id: "client-1",
      redirect_uri: `${SITE}/auth/callback/github`,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^f[0-9A-Za-z]{48}$/),
    });
    const [transaction = "", browser = ""] = response.headers.getSetCookie();
    expect(transaction).toMatch(
      /^__Host-postern-tx-\w{16}=v1\.[^;]*; Path=\/; Max-Age=600; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(browser).toMatch(
      /^__Host-postern-browser=[\w-]{22}; Path=\/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test("writes nothing to the store, however often: a stranger cannot fill the database", async () => {
    const { changeCounter } = office.runtime.store;
    const before = changeCounter?.();
    const jar = new CookieJar();
    for (let n = 0; n < 50; n++) jar.take(await start({ cookie: jar.header() }));
    expect(jar.names()).toHaveLength(9); // eight attempts and the mark of the browser
    expect(changeCounter?.()).toBe(before);

    // A callback that is refused does write: the counter would have told.
    expect((await ask("/auth/callback/github?code=x")).status).toBe(400);
    expect(changeCounter?.()).not.toBe(before);
  });

  test("at a provider that is not there is told", async () => {
    const response = await ask("/auth/sign-in/gitlab", { method: "POST", headers: FORM, body: "" });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("This way of signing in is not available");
  });
});

describe("who is signed in", () => {
  test("is told in this shape and no other", async () => {
    const { userId, cookie } = await office.signIn("lead");
    const response = await ask("/auth/session", { headers: { cookie } });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      user: {
        id: userId,
        name: "Ana",
        email: null,
        picture: null,
        roles: ["lead"],
        permissions: ["orders.read", "orders.refund"],
      },
      session: {
        id: expect.stringMatching(/^ses_/),
        createdAt: "2030-01-01T00:00:00.000Z",
        lastSeenAt: "2030-01-01T00:00:00.000Z",
        expiresAt: "2030-01-08T00:00:00.000Z",
        provider: "github",
      },
    });
  });

  test("is a problem when it is nobody", async () => {
    const response = await ask("/auth/session");
    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      status: 401,
      code: "authentication_required",
      signInUrl: `${SITE}/auth/sign-in`,
    });
  });
});

test("a form that breaks off is the client's doing: 400, nothing changed, and no alarm in the log", async () => {
  const { changeCounter } = office.runtime.store;
  const before = changeCounter?.();
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("return_to=%2Ford")),
    pull: (controller) => controller.error(new Error("ECONNRESET")),
  });
  const init = { method: "POST", headers: FORM, body, duplex: "half" } as RequestInit;
  const response = await ask("/auth/sign-in/github", init);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("The request did not arrive whole");
  expect(response.headers.getSetCookie()).toEqual([]);
  expect(changeCounter?.()).toBe(before);
  expect(errors).toEqual([]);
});

test("ready means that the store answers and lacks no migration; alive means only that we answer", async () => {
  const health = async (what: string) => {
    const response = await ask(`/auth/health/${what}`);
    return { http: response.status, told: await response.json() };
  };
  const fine = { http: 200, told: { status: "ok" } };
  expect(await health("live")).toEqual(fine);
  expect(await health("ready")).toEqual(fine);

  const raw = await openRawDatabase(office.runtime.settings.database);
  await raw.rows("delete from postern_migrations");
  // The store is looked at once a second.
  const behind = { http: 503, told: { code: "migrations_pending" } };
  await vi.waitFor(async () => expect(await health("ready")).toMatchObject(behind), { timeout: 5_000 });
  expect(await health("live")).toEqual(fine);
  await raw.close();
});
