import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import type { Duration } from "../model/duration.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { Caller } from "../model/principal.ts";
import { authenticateRequest, type Guard, requirePermission, requireRole, requireUser } from "./guards.ts";
import type { GuardedRequest } from "./sign-in-first.ts";

const PAGE = { "sec-fetch-mode": "navigate", "sec-fetch-site": "none", "sec-fetch-dest": "document" };
const FRESH = { freshWithin: "10m" } as const;
const logged: { readonly fields: object; readonly message: string }[] = [];
let office: TestRuntime;

beforeAll(async () => {
  office = await openTestRuntime({
    roles: { support: ["orders.read"], lead: ["orders.read", "orders.refund"] },
    allowedOrigins: ["https://app.example.com"],
    log: { ...SILENT_LOG, error: (fields, message) => void logged.push({ fields, message }) },
  });
});
afterAll(() => office.close());

async function knock(
  guard: Guard<Caller>,
  headers: Record<string, string>,
  change: Partial<GuardedRequest> = {},
) {
  const result = await guard({ method: "GET", url: "/orders?page=2", headers, ...change });
  if (result.admitted) return { admitted: true, user: result.principal.user } as const;
  const { status } = result.response;
  const text = await result.response.text();
  const json = result.response.headers.get("content-type") === "application/problem+json";
  return {
    admitted: false,
    status,
    headers: result.response.headers,
    text,
    problem: json ? JSON.parse(text) : null,
  };
}

describe("nobody signed in", () => {
  test("a page is led to the sign-in page with the way back", async () => {
    const { status, headers } = await knock(requireUser(office.runtime), PAGE);
    expect(status).toBe(303);
    expect(headers?.get("location")).toBe("/auth/sign-in?return_to=%2Forders%3Fpage%3D2");
    expect(headers?.get("cache-control")).toBe("no-store");
  });

  test.each([
    ["nothing", {}],
    ["an unknown secret", { cookie: `__Host-postern=${"A".repeat(43)}` }],
    ["the cookie of plain http", { cookie: `postern=${"A".repeat(43)}` }],
  ])("a program that brings %s is told with 401, never redirected", async (_, headers) => {
    const answer = await knock(requireUser(office.runtime), headers);
    expect(answer.status).toBe(401);
    expect(answer.problem).toMatchObject({
      code: "authentication_required",
      signInUrl: "https://admin.example.com/auth/sign-in",
    });
    expect(await authenticateRequest(office.runtime, { headers })).toBeNull();
  });
});

describe("somebody signed in", () => {
  const ways = {
    "some role": () => requireUser(office.runtime),
    admin: () => requireRole(office.runtime, ["admin"]),
    "admin or auditor": () => requireRole(office.runtime, ["admin", "auditor"]),
    member: () => requireRole(office.runtime, ["member"]),
    lead: () => requireRole(office.runtime, ["lead"]),
    "orders.refund": () => requirePermission(office.runtime, "orders.refund"),
    "orders.read": () => requirePermission(office.runtime, "orders.read"),
  };

  test.each([
    ["owner", Object.keys(ways).filter((way) => way !== "lead")],
    ["admin", ["some role", "admin", "admin or auditor", "member"]],
    ["auditor", ["some role", "admin or auditor", "member"]],
    ["member", ["some role", "member"]],
    ["lead", ["some role", "lead", "orders.refund", "orders.read"]],
    ["support", ["some role", "orders.read"]],
    ["forgotten", ["some role"]],
  ])("as %s passes %j and nothing else", async (role, passed) => {
    const { cookie } = await office.signIn(role);
    const open: string[] = [];
    for (const [way, guard] of Object.entries(ways)) {
      const answer = await knock(guard(), { cookie });
      if (answer.admitted) open.push(way);
      else expect(answer).toMatchObject({ status: 403, problem: { code: "permission_denied" } });
    }
    expect(open).toEqual(passed);
  });

  test("is let in at once where the store answers at once", async () => {
    const { cookie } = await office.signIn("member");
    const guard = requireUser(office.runtime);
    for (const how of ["read", "from the cache"])
      expect(guard({ method: "GET", url: "/orders", headers: { cookie } }), how).toMatchObject({
        admitted: true,
      });
  });

  test("without any role is told so, as a page and as a problem", async () => {
    const { cookie } = await office.signIn();
    expect((await knock(requireUser(office.runtime), { cookie })).problem).toMatchObject({ code: "no_role" });
    const page = await knock(requireUser(office.runtime), { ...PAGE, cookie });
    expect(page.status).toBe(403);
    expect(page.headers?.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers?.get("content-security-policy")).toContain("default-src 'none'");
  });

  test("may change something from our pages, from a listed front end or without a browser, and from nowhere else", async () => {
    const { cookie } = await office.signIn("member");
    const post = (headers: Record<string, string>) =>
      knock(requireUser(office.runtime), { cookie, ...headers }, { method: "POST" });
    for (const origin of ["https://admin.example.com", "https://app.example.com"]) {
      expect((await post({ origin })).admitted, origin).toBe(true);
    }
    expect((await post({})).admitted).toBe(true);
    for (const origin of ["https://evil.example", "https://app.admin.example.com", "null"]) {
      expect((await post({ origin })).problem, origin).toMatchObject({ code: "cross_origin", status: 403 });
    }
    for (const method of ["PUT", "DELETE", "PATCH", "PROPFIND"]) {
      const answer = await knock(
        requireUser(office.runtime),
        { cookie, origin: "https://evil.example" },
        { method },
      );
      expect(answer.status, method).toBe(403);
    }
  });
});

describe("a WebSocket", () => {
  const handshake = async (headers: Record<string, string>, change: Partial<GuardedRequest> = {}) => {
    const { cookie } = await office.signIn("member");
    const sent = { cookie, upgrade: "websocket", ...headers };
    return knock(requireUser(office.runtime), sent, change);
  };

  test.each(["websocket", "WebSocket", "h2c, websocket"])(
    "is opened from where something may be changed, and from nowhere else: Upgrade: %s",
    async (upgrade) => {
      for (const origin of ["https://admin.example.com", "https://app.example.com"])
        expect((await handshake({ upgrade, origin })).admitted, origin).toBe(true);
      expect((await handshake({ upgrade })).admitted).toBe(true);
      for (const origin of ["https://wiki.example.com", "https://evil.example", "null"]) {
        const answer = await handshake({ upgrade, origin });
        expect(answer.problem, origin).toMatchObject({ code: "cross_origin", status: 403 });
      }
    },
  );

  test("is known by the headers of the web, and where nobody tells the method", async () => {
    const { cookie } = await office.signIn("member");
    const headers = new Headers({ cookie, upgrade: "websocket", origin: "https://wiki.example.com" });
    const guard = requireUser(office.runtime);
    for (const request of [{ method: "GET", headers }, { headers }])
      expect(await guard(request)).toMatchObject({ admitted: false, response: { status: 403 } });
  });

  test("is not what another upgrade opens: a page that is shown changes nothing", async () => {
    const answer = await handshake({ upgrade: "h2c", origin: "https://wiki.example.com" });
    expect(answer.admitted).toBe(true);
  });
});

describe("a preflight", () => {
  const ask = { "access-control-request-method": "DELETE", "access-control-request-headers": "x-a, x-b" };
  const preflight = (headers: Record<string, string>) =>
    knock(requireRole(office.runtime, ["admin"]), { ...ask, ...headers }, { method: "OPTIONS" });

  test("from a listed front end is answered, since it brings no cookie", async () => {
    const { admitted, status, headers } = await preflight({ origin: "https://app.example.com" });
    expect([admitted, status]).toEqual([false, 204]);
    expect(headers?.get("access-control-allow-origin")).toBe("https://app.example.com");
    expect(headers?.get("access-control-allow-methods")).toContain("DELETE");
    expect(headers?.get("access-control-allow-headers")).toBe("x-a, x-b");
  });

  test("from anywhere else is answered with nothing that allows anything", async () => {
    for (const origin of ["https://evil.example", "null", "https://app.example.com.evil.test"]) {
      const { admitted, status, headers } = await preflight({ origin });
      expect([admitted, status]).toEqual([false, 204]);
      expect([...(headers?.keys() ?? [])].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  test("is not what an OPTIONS without its headers is: that needs a session like everything else", async () => {
    const answer = await knock(requireUser(office.runtime), {}, { method: "OPTIONS" });
    expect(answer.status).toBe(401);
  });

  test("is not told of headers that are none", async () => {
    const strange = { "access-control-request-headers": "x-a; y" };
    const { headers } = await preflight({ origin: "https://app.example.com", ...strange });
    expect(headers?.get("access-control-allow-headers")).toBeNull();
  });
});

test.each([
  [
    "a role",
    () => requireRole(office.runtime, ["admin", "leed"]),
    "unknown_role",
    'There is no role "leed". Did you mean "lead"?',
  ],
  [
    "a permission",
    () => requirePermission(office.runtime, "orders.refnd"),
    "unknown_permission",
    '"orders.refund"',
  ],
])("%s that does not exist is refused when the guard is made", (_, make, code, message) => {
  expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
});

test.each<readonly [string, () => unknown, RegExp]>([
  [
    "too short a word",
    () => requireUser(office.runtime, { freshWithin: "10" as Duration }),
    /30s, 10m or 1h/,
  ],
  [
    "a misspelt one",
    () => requireUser(office.runtime, { freshWihtin: "10m" } as never),
    /Did you mean freshWithin/,
  ],
  ["none at all", () => requireUser(office.runtime, {} as never), /freshWithin: is undefined/],
  [
    "a word in its place",
    () => requirePermission(office.runtime, "orders.read", "10m" as never),
    /no option/,
  ],
  ["them in the middle", () => requireRole(office.runtime, ["admin", FRESH, "lead"] as never), /at the end/],
  ["no role", () => requireRole(office.runtime, [FRESH] as never), /one at least/],
])("options with %s are refused when the guard is made: an open door would be worse", (_, make, message) => {
  expect(make).toThrow(message);
});

test("who may not come in anyway is told so, and not asked to confirm first", async () => {
  const { cookie } = await office.signIn("member");
  office.passTime(60 * 60_000);
  const answer = await knock(requireRole(office.runtime, ["admin", FRESH]), { cookie });
  expect(answer.problem).toMatchObject({ code: "permission_denied" });
  expect((await knock(requireRole(office.runtime, ["member", FRESH]), { cookie })).problem).toEqual({
    type: "about:blank",
    title: "Step up required",
    status: 403,
    code: "step_up_required",
    detail: "Sign in once more to confirm that it is you.",
    stepUpUrl: "https://admin.example.com/auth/step-up?return_to=%2F",
    maxAgeSeconds: 600,
  });
});

describe("a page that says no", () => {
  test.each(["//x:y@z/admin", "https://x:y@z/admin", "*"])("is shown at %s as anywhere else", async (url) => {
    const { cookie } = await office.signIn("member");
    const page = await knock(requireRole(office.runtime, ["admin"]), { ...PAGE, cookie }, { url });
    expect(page.status).toBe(403);
    expect(page.headers?.get("content-type")).toBe("text/html; charset=utf-8");
  });

  test("becomes a problem where it cannot be made, and the log tells why", async () => {
    const { cookie } = await office.signIn("member");
    // No header of the web holds such text; whoever hands over headers of their own making may.
    const headers = { ...PAGE, cookie, "accept-language": "中文" };
    const { status, problem } = await knock(requireRole(office.runtime, ["admin"]), headers);
    expect(status).toBe(403);
    expect(problem).toMatchObject({ code: "permission_denied", reference: expect.any(String) });
    expect(logged).toContainEqual({
      fields: { err: expect.any(TypeError), reference: problem.reference, path: "/orders" },
      message: "a request failed",
    });
  });
});

test("a store that cannot answer opens nothing, and the reference on the answer is the one in the log", async () => {
  const gone = await openTestRuntime({ log: office.runtime.log });
  await gone.close();
  const cookie = `__Host-postern=${"B".repeat(43)}`;
  const url = "/orders?token=do-not-log";
  const { status, problem } = await knock(requireUser(gone.runtime), { cookie }, { url });
  expect(status).toBe(503);
  expect(problem.reference).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  expect(logged.map(({ fields }) => fields)).toContainEqual(
    expect.objectContaining({ reference: problem.reference, path: "/orders" }),
  );
  const page = await knock(requireUser(gone.runtime), { ...PAGE, cookie }, { url });
  expect(page.status).toBe(503);
  expect(page.text).toMatch(/[2-9A-Z]{4}-[2-9A-Z]{4}/);
  expect(JSON.stringify(logged)).not.toContain("do-not-log");
});
