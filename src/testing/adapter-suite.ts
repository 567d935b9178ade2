import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Postern, PosternOptions } from "../index.ts";
import { SILENT_LOG } from "../model/log.ts";
import { oidc } from "../providers/oidc.ts";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { browserFetch } from "./browser-fetch.ts";
import { Person } from "./person.ts";

/** How the application is to be built this time. */
export interface AdapterSetup {
  /** What to open Postern with. */
  readonly options: PosternOptions;
  /** Everything, Postern's routes included, is mounted below this path: none, or `/backoffice`. */
  readonly prefix: "" | "/backoffice";
  /** Whether forms and JSON are read before Postern's routes have their turn. */
  readonly bodyParserFirst: boolean;
}

/** The application, ready to be put behind a server. */
export interface AdapterApplication {
  readonly listener: RequestListener;
  readonly door: Pick<Postern, "audit" | "users" | "sessions" | "close">;
}

/**
 * Builds this application with the adapter, as its users would:
 *
 * | route | guard | answer |
 * |---|---|---|
 * | before everything, Postern's routes included | | adds the cookie `visit=1` to whatever will be answered |
 * | all that follow | | `cors({ exposeHeaders: ["x-application"] })` of the door |
 * | `GET /` | | text `Hello, <name>`, or `Hello, stranger` |
 * | `GET /orders` | user | the user as JSON, the header `x-application: orders`, the cookies `seen=1` and `tab=2` |
 * | `POST /orders` | user | text: the body it was sent |
 * | `POST /orders/42/refund` | permission `orders.refund` | text `refunded` |
 * | `GET /admin` | role `admin` | text `Welcome, <name>` |
 * | `GET /payroll` | user, fresh within `10m` | text `payroll` |
 * | `GET /logo` | user | any answer with `cache-control: private, max-age=60` |
 * | `GET /bare` | user | an answer that owes nothing to the framework's helpers |
 * | `GET /broken` | user | throws `new Error("broken")`; the framework's error handling answers 500, text `handled: broken` |
 * | any method `/authentic` | | text: method, space, body |
 * | anything else | user | 404, text `nothing here` |
 */
export type StartApplication = (setup: AdapterSetup) => Promise<AdapterApplication>;

/** What every adapter promises, over real sockets, as one vitest suite. */
export function adapterSuite(name: string, start: StartApplication): void {
  describe(name, () => {
    let rehearsal: Rehearsal;
    beforeAll(async () => {
      rehearsal = await startRehearsal();
    });
    afterAll(() => rehearsal.close());

    const open: OpenStage = (wish) => openStage(start, rehearsal.url, wish);
    signInPromises(open);
    guardPromises(open);
    freshnessPromises(open);
    answerPromises(open);
    doorPromises(open);
    bodyPromises(open);
    prefixPromises(open);
    addressPromises(open);
    crossOriginPromises(open);
    oneSystemPromises(open);
  });
}

/** An application that is being served. */
interface Stage {
  readonly url: string;
  readonly door: AdapterApplication["door"];
  readonly server: Server;
  close(): Promise<void>;
}

interface Wish {
  readonly options?: Partial<PosternOptions>;
  readonly prefix?: AdapterSetup["prefix"];
  readonly bodyParserFirst?: boolean;
}

type OpenStage = (wish?: Wish) => Promise<Stage>;

async function openStage(start: StartApplication, issuer: string, wish: Wish = {}): Promise<Stage> {
  let listener: RequestListener = () => {};
  const server = createServer((request, response) => listener(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const folder = mkdtempSync(join(tmpdir(), "postern-adapter-"));
  const options: PosternOptions = {
    publicUrl: url,
    secret: "a-secret-of-the-adapter-suite-0123456789",
    database: `file:${join(folder, "postern.db")}`,
    providers: [
      oidc({
        id: "rehearsal",
        name: "Rehearsal",
        issuer,
        clientId: "suite",
        clientSecret: "rehearsal-secret",
      }),
    ],
    roles: { lead: ["orders.read", "orders.refund"] },
    access: [
      { when: { email: "grace@demo.example" }, then: "allow", roles: ["admin"] },
      { when: { email: "liwei@demo.example" }, then: "allow", roles: ["lead"] },
      { when: { emailDomain: "demo.example" }, then: "allow", roles: ["member"] },
    ],
    log: SILENT_LOG,
    ...wish.options,
  };
  const { prefix = "", bodyParserFirst = false } = wish;
  const application = await start({ options, prefix, bodyParserFirst });
  listener = application.listener;
  return {
    url,
    server,
    door: application.door,
    async close() {
      server.closeAllConnections();
      server.close();
      await application.door.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One stage for all tests of a group. */
function staged(open: OpenStage, wish?: Wish): () => Stage {
  let stage: Stage;
  beforeAll(async () => {
    stage = await open(wish);
  });
  afterAll(() => stage.close());
  return () => stage;
}

async function signedIn(stage: Stage, persona: string): Promise<Person> {
  const person = new Person(stage.url);
  const back = await person.signIn("rehearsal", persona);
  expect(back.status, await back.text()).toBe(303);
  return person;
}

function signInPromises(open: OpenStage): void {
  describe("signing in and out", () => {
    const stage = staged(open);

    test("a page, the provider, back to that page, and out", async () => {
      const grace = new Person(stage().url);
      const turnedAway = await grace.request("/admin?tab=2&q=a%2Fb");
      expect(turnedAway.status).toBe(303);
      const signIn = "/auth/sign-in?return_to=%2Fadmin%3Ftab%3D2%26q%3Da%252Fb";
      expect(turnedAway.headers.get("location")).toBe(signIn);

      const page = await grace.request(signIn);
      expect(page.status).toBe(200);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(await page.text()).toContain('action="/auth/sign-in/rehearsal"');

      const back = await grace.signIn("rehearsal", "grace", { returnTo: "/admin?tab=2&q=a%2Fb" });
      expect(back.headers.get("location")).toBe("/admin?tab=2&q=a%2Fb");
      expect(await (await grace.request("/admin")).text()).toBe("Welcome, Grace Holm");

      const out = await grace.post("/auth/sign-out");
      expect([out.status, out.headers.get("location")]).toEqual([303, "/auth/signed-out"]);
      expect((await grace.request("/admin")).status).toBe(303);
      expect(await grace.session()).toBeNull();
    });

    test("every cookie arrives, those of the application too", async () => {
      const person = new Person(stage().url);
      const started = await person.post("/auth/sign-in/rehearsal", { return_to: "/orders" });
      const names = started.headers.getSetCookie().map((cookie) => cookie.split("=", 1)[0]);
      expect(names).toContain("visit");
      expect(names).toContain("postern-browser");
      expect(names.filter((name) => name?.startsWith("postern-tx-"))).toHaveLength(1);
    });

    test("a page for everybody knows who is there", async () => {
      const grace = await signedIn(stage(), "grace");
      expect(await (await grace.request("/")).text()).toBe("Hello, Grace Holm");
      expect(await (await new Person(stage().url).request("/")).text()).toBe("Hello, stranger");
    });
  });
}

function freshnessPromises(open: OpenStage): void {
  test("a guard that wants a fresh sign-in leads whoever signed in longer ago to confirm", async () => {
    let ahead = 0;
    const stage = await open({ options: { now: () => Date.now() + ahead } });
    const grace = await signedIn(stage, "grace");
    expect(await (await grace.request("/payroll")).text()).toBe("payroll");
    ahead = 10 * 60_000;
    const page = await grace.request("/payroll?month=11");
    expect(page.status).toBe(303);
    expect(page.headers.get("location")).toBe("/auth/step-up?return_to=%2Fpayroll%3Fmonth%3D11");
    const program = await grace.request("/payroll", { api: true });
    expect(program.status).toBe(403);
    expect(await program.json()).toMatchObject({ code: "step_up_required", maxAgeSeconds: 600 });
    expect((await grace.request("/orders")).status).toBe(200);
    await stage.close();
  });
}

function guardPromises(open: OpenStage): void {
  describe("guards", () => {
    const stage = staged(open);

    test("tell a program that nobody is signed in, and where to sign in", async () => {
      const answer = await new Person(stage().url).request("/orders", { api: true });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.headers.get("location")).toBeNull();
      expect(await answer.json()).toMatchObject({
        code: "authentication_required",
        signInUrl: `${stage().url}/auth/sign-in`,
      });
    });

    test("answer HEAD as they answer GET, without the body", async () => {
      const stranger = await new Person(stage().url).request("/admin?tab=2", { method: "HEAD" });
      expect(stranger.status).toBe(303);
      expect(stranger.headers.get("location")).toBe("/auth/sign-in?return_to=%2Fadmin%3Ftab%3D2");
      const grace = await signedIn(stage(), "grace");
      const known = await grace.request("/orders", { method: "HEAD" });
      expect([known.status, await known.text()]).toEqual([200, ""]);
      expect(known.headers.get("cache-control")).toBe("private, no-store");
    });

    test("show the user to the handler", async () => {
      const grace = await signedIn(stage(), "grace");
      expect(await (await grace.request("/orders", { api: true })).json()).toMatchObject({
        id: expect.stringMatching(/^usr_/),
        name: "Grace Holm",
        email: "grace@demo.example",
        roles: ["admin"],
      });
    });

    test("refuse a role that does not suffice: a page for people, a problem for programs", async () => {
      const bo = await signedIn(stage(), "bo");
      const page = await bo.request("/admin");
      expect([page.status, page.headers.get("content-type")]).toEqual([403, "text/html; charset=utf-8"]);
      expect(page.headers.get("cache-control")).toBe("no-store");
      const api = await bo.request("/admin", { api: true });
      expect(api.status).toBe(403);
      expect(await api.json()).toMatchObject({ code: "permission_denied" });
    });

    test("ask for the permission, not for the role", async () => {
      const bo = await signedIn(stage(), "bo");
      const refused = await bo.post("/orders/42/refund");
      expect(refused.status).toBe(403);
      const lead = await signedIn(stage(), "liwei");
      const refunded = await lead.post("/orders/42/refund");
      expect([refunded.status, await refunded.text()]).toEqual([200, "refunded"]);
    });

    test("let nobody pass who has lost every role", async () => {
      const kit = await signedIn(stage(), "kit");
      const id = (await kit.session())?.user.id ?? "";
      await stage().door.users.revoke(id, "member", "suite");
      const answer = await kit.request("/orders", { api: true });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "no_role" });
    });

    test("refuse what another site makes the browser send", async () => {
      const lead = await signedIn(stage(), "liwei");
      const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site", accept: "*/*" };
      const answer = await lead.post("/orders/42/refund", {}, { ...foreign, "sec-fetch-mode": "cors" });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "cross_origin" });
    });
  });
}

function answerPromises(open: OpenStage): void {
  describe("the application's answers", () => {
    const stage = staged(open);

    test("keep their headers and cookies, and nobody stores them", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/orders");
      expect(answer.headers.get("x-application")).toBe("orders");
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      expect(answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0])).toEqual([
        "visit=1",
        "seen=1",
        "tab=2",
      ]);
    });

    test("are not stored either when they owe nothing to the framework", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/bare");
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
    });

    test("may say for themselves how they are stored", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/logo");
      expect(answer.headers.get("cache-control")).toBe("private, max-age=60");
    });

    test("come from the framework's error handling when a handler throws, and are not stored", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/broken");
      expect([answer.status, await answer.text()]).toEqual([500, "handled: broken"]);
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
    });
  });
}

function doorPromises(open: OpenStage): void {
  describe("paths", () => {
    const stage = staged(open);

    test("below the mount are answered by Postern, known or not", async () => {
      const person = new Person(stage().url);
      const unknown = await person.request("/auth/nowhere");
      expect([unknown.status, unknown.headers.get("cache-control")]).toEqual([404, "no-store"]);
      const wrongMethod = await person.request("/auth/sign-out", { api: true });
      expect([wrongMethod.status, wrongMethod.headers.get("allow")]).toEqual([405, "POST"]);
      expect((await person.request("/auth")).headers.get("location")).toBe("/auth/account");
      const head = await person.request("/auth/sign-in", { method: "HEAD" });
      expect([head.status, await head.text()]).toEqual([200, ""]);
    });

    test("beside the mount are the application's, body and all", async () => {
      const person = new Person(stage().url);
      expect(await (await person.request("/authentic")).text()).toBe("GET ");
      const body = "x".repeat(200_000);
      expect(await (await person.request("/authentic", { method: "POST", body })).text()).toBe(
        `POST ${body}`,
      );
    });

    test("that only look as if they were below the mount are the application's, body and all", async () => {
      const answer = await browserFetch(stage().url, {
        method: "POST",
        target: "/auth/../authentic",
        headers: { "content-type": "text/plain" },
        body: "left alone",
      });
      // Frameworks differ in whether they resolve the dots; none of them may hang or find the body gone.
      if (answer.status === 200) expect(await answer.text()).toBe("POST left alone");
      else expect(answer.status).toBe(401);
    });

    test("in absolute form are the same paths", async () => {
      const session = await browserFetch(stage().url, { target: "http://evil.example/auth/session" });
      expect(session.status).toBe(401);
      expect(await session.json()).toMatchObject({ signInUrl: `${stage().url}/auth/sign-in` });
    });

    test("with two slashes lead to no other host", async () => {
      for (const target of ["//evil.example/orders", "//evil.example/auth/sign-in", "//auth/session"]) {
        const answer = await browserFetch(stage().url, { target, headers: { accept: "text/html" } });
        expect([target, answer.status]).toEqual([target, 303]);
        expect(answer.headers.get("location")).toBe("/auth/sign-in");
      }
    });

    test("are the same whatever Host and X-Forwarded-* headers claim", async () => {
      const headers = {
        host: "evil.example",
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-forwarded-prefix": "/evil",
        forwarded: "host=evil.example;proto=https",
      };
      const person = new Person(stage().url);
      const session = await person.request("/auth/session", { api: true, headers });
      expect(await session.json()).toMatchObject({ signInUrl: `${stage().url}/auth/sign-in` });
      const guarded = await person.request("/orders", { headers });
      expect(guarded.headers.get("location")).toBe("/auth/sign-in?return_to=%2Forders");

      const origin = stage().url;
      const started = await person.post("/auth/sign-in/rehearsal", {}, { ...headers, origin });
      const authorize = new URL(started.headers.get("location") ?? "");
      expect(authorize.searchParams.get("redirect_uri")).toBe(`${origin}/auth/callback/rehearsal`);
      expect(started.headers.getSetCookie().filter((cookie) => /secure/i.test(cookie))).toEqual([]);
    });

    test("do not echo TRACE", async () => {
      const secret = { cookie: "postern=not-to-be-seen" };
      const ours = await browserFetch(`${stage().url}/auth/session`, { method: "TRACE", headers: secret });
      expect([ours.status, ours.headers.get("allow")]).toEqual([405, "GET"]);
      expect(await ours.text()).not.toContain("not-to-be-seen");
    });

    test("take a cookie that comes in two header lines", async () => {
      const grace = await signedIn(stage(), "grace");
      const lines = [`Cookie: other=1`, `Cookie: ${grace.jar.header()}`];
      const answer = await exchange(stage(), ["GET /auth/session HTTP/1.1", ...lines]);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toContain("grace@demo.example");
    });
  });
}

function bodyPromises(open: OpenStage): void {
  describe.each([false, true])("bodies, read before by the application: %s", (bodyParserFirst) => {
    const stage = staged(open, { bodyParserFirst });

    test("a form arrives", async () => {
      const person = new Person(stage().url);
      const back = await person.signIn("rehearsal", "bo", { returnTo: "/orders?q=%E8%8C%B6&q=2" });
      expect(back.headers.get("location")).toBe("/orders?q=%E8%8C%B6&q=2");
    });

    test("a field that is given twice arrives twice", async () => {
      const person = new Person(stage().url);
      const body = "return_to=%2Forders&return_to=%2Fadmin";
      const headers = { "content-type": "application/x-www-form-urlencoded", origin: stage().url };
      const started = await person.request("/auth/sign-in/rehearsal", { method: "POST", headers, body });
      const callback = await person.pick(new URL(started.headers.get("location") ?? ""), "bo");
      expect((await person.request(callback)).headers.get("location")).toBe("/");
    });

    test("no body at all is an empty form", async () => {
      const person = new Person(stage().url);
      const started = await person.request("/auth/sign-in/rehearsal", {
        method: "POST",
        headers: { origin: stage().url },
      });
      expect(started.status).toBe(303);
      expect(new URL(started.headers.get("location") ?? "").searchParams.has("state")).toBe(true);
    });

    test("JSON is told that forms are wanted", async () => {
      const headers = { "content-type": "application/json", origin: stage().url };
      const answer = await new Person(stage().url).request("/auth/sign-in/rehearsal", {
        method: "POST",
        headers,
        body: '{"return_to":"/orders"}',
      });
      expect(answer.status).toBe(415);
    });

    test("the application reads its own behind a guard", async () => {
      const bo = await signedIn(stage(), "bo");
      const headers = { "content-type": "application/json", origin: stage().url };
      const body = '{"tea":"茶"}';
      const answer = await bo.request("/orders", { method: "POST", headers, body });
      expect([answer.status, await answer.text()]).toEqual([200, body]);
    });
  });

  describe("bodies that nobody waits for", () => {
    const stage = staged(open);

    test("a large one that is refused unread does not hold up the connection", async () => {
      const socket = connect(Number(new URL(stage().url).port), "127.0.0.1");
      const type = "Content-Type: text/plain";
      const size = 1_000_000;
      const requests = [
        `POST /auth/nowhere HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: ${size}\r\n\r\n${"x".repeat(size)}`,
        "GET /auth/health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      ];
      socket.end(requests.join(""));
      // Servers may read it to its end or close the connection; the one thing they may not do is wait.
      const [first, second = "HTTP/1.1 200"] = (await text(socket)).match(/^HTTP\/1\.1 \d+/gm) ?? [];
      expect([first, second]).toEqual(["HTTP/1.1 404", "HTTP/1.1 200"]);
    });

    test.each(["/auth/preferences", "/auth/nowhere", "/authentic"])(
      "a browser that goes away in the middle of one harms nobody: %s",
      async (path) => {
        const unhandled: unknown[] = [];
        const note = (reason: unknown) => unhandled.push(reason);
        process.on("unhandledRejection", note);
        try {
          await leaveInTheMiddle(stage(), path);
          expect((await new Person(stage().url).request("/auth/health/live")).status).toBe(200);
          expect(unhandled).toEqual([]);
        } finally {
          process.off("unhandledRejection", note);
        }
      },
    );
  });
}

function prefixPromises(open: OpenStage): void {
  describe("below a prefix", () => {
    const mountPath = "/backoffice/auth";
    const stage = staged(open, { prefix: "/backoffice", options: { mountPath } });

    test("guards and doors know the whole path", async () => {
      const grace = new Person(stage().url, { mountPath });
      const turnedAway = await grace.request("/backoffice/admin?tab=2");
      const location = `${mountPath}/sign-in?return_to=%2Fbackoffice%2Fadmin%3Ftab%3D2`;
      expect(turnedAway.headers.get("location")).toBe(location);
      const back = await grace.signIn("rehearsal", "grace", { returnTo: "/backoffice/admin?tab=2" });
      expect(back.headers.get("location")).toBe("/backoffice/admin?tab=2");
      expect(await (await grace.request("/backoffice/admin")).text()).toBe("Welcome, Grace Holm");
      expect((await grace.session())?.user.email).toBe("grace@demo.example");
    });
  });
}

function addressPromises(open: OpenStage): void {
  describe.each([
    [0, "127.0.0.1"],
    [1, "198.51.100.7"],
    [2, "203.0.113.9"],
  ])("with %i trusted proxies", (trustProxy, expected) => {
    const stage = staged(open, { options: { trustProxy } });

    test(`the person's address is ${expected}`, async () => {
      const bo = new Person(stage().url);
      const callback = await bo.pick(await bo.start("rehearsal"), "bo");
      const headers = { "x-forwarded-for": "192.0.2.1, 203.0.113.9, 198.51.100.7" };
      expect((await bo.request(callback, { headers })).status).toBe(303);
      const events = await stage().door.audit.list({ action: "login.succeeded", limit: 1 });
      expect(events.map(({ address }) => address)).toEqual([expected]);
    });
  });
}

function crossOriginPromises(open: OpenStage): void {
  describe("a front end on another origin", () => {
    const friend = "https://app.example.com";
    const stage = staged(open, { options: { allowedOrigins: [friend] } });
    const from = (origin: string) => ({ origin, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" });

    test("that is listed reads the session with its cookie", async () => {
      const bo = await signedIn(stage(), "bo");
      const answer = await bo.request("/auth/session", { api: true, headers: from(friend) });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("access-control-allow-origin")).toBe(friend);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      expect(answer.headers.get("vary")).toContain("Origin");
    });

    test("that is listed may ask first", async () => {
      const headers = { ...from(friend), "access-control-request-method": "GET" };
      const answer = await browserFetch(`${stage().url}/auth/session`, { method: "OPTIONS", headers });
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBe(friend);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
      expect(answer.headers.get("access-control-allow-methods")).toContain("GET");
    });

    test.each(["https://evil.example", "null", "https://app.example.com.evil.example"])(
      "that is not listed reads nothing: %s",
      async (origin) => {
        const bo = await signedIn(stage(), "bo");
        for (const path of ["/auth/session", "/orders", "/nothing-here"]) {
          for (const [method, more] of [
            ["GET", {}],
            ["OPTIONS", {}],
            ["OPTIONS", { "access-control-request-method": "POST" }],
          ] as const) {
            const headers = { ...from(origin), ...more };
            const answer = await bo.request(path, { method, headers, api: true });
            const allowed = [...answer.headers.keys()].filter((name) => name.startsWith("access-control"));
            expect(allowed).toEqual([]);
          }
          expect(
            (await bo.request(path, { method: "POST", headers: from(origin), api: true })).status,
          ).not.toBe(200);
        }
      },
    );

    test("asks first at a guarded route, and is not told 401 for bringing no cookie", async () => {
      for (const path of ["/orders", "/nothing-here"]) {
        const headers = {
          ...from(friend),
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type,x-postern-request",
        };
        const answer = await browserFetch(stage().url + path, { method: "OPTIONS", headers });
        expect(answer.status).toBe(204);
        expect(answer.headers.get("access-control-allow-origin")).toBe(friend);
        expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
        expect(answer.headers.get("access-control-allow-headers")).toBe("content-type,x-postern-request");
      }
    });

    test("reads what a guarded route answers, and changes something there", async () => {
      const bo = await signedIn(stage(), "bo");
      const read = await bo.request("/orders", { api: true, headers: from(friend) });
      expect(read.status).toBe(200);
      expect(read.headers.get("access-control-allow-origin")).toBe(friend);
      expect(read.headers.get("access-control-allow-credentials")).toBe("true");
      expect(read.headers.get("access-control-expose-headers")).toBe("x-application");
      expect(read.headers.get("vary")).toContain("Origin");

      const headers = { ...from(friend), "content-type": "text/plain" };
      const changed = await bo.request("/orders", { method: "POST", body: "tea", api: true, headers });
      expect([changed.status, changed.headers.get("access-control-allow-origin")]).toEqual([200, friend]);
    });

    test("can read why it was refused, and where to sign in", async () => {
      const stranger = new Person(stage().url);
      const nobody = await stranger.request("/orders", { api: true, headers: from(friend) });
      expect([nobody.status, nobody.headers.get("access-control-allow-origin")]).toEqual([401, friend]);
      const signInUrl = `${stage().url}/auth/sign-in?return_to=${encodeURIComponent(`${friend}/`)}`;
      expect(await nobody.json()).toMatchObject({ signInUrl });
      const bo = await signedIn(stage(), "bo");
      const denied = await bo.request("/admin", { api: true, headers: from(friend) });
      expect([denied.status, denied.headers.get("access-control-allow-origin")]).toEqual([403, friend]);
    });

    test("cannot read our own pages: the doors say for themselves who may", async () => {
      const bo = await signedIn(stage(), "bo");
      const answer = await bo.request("/auth/account", { headers: from(friend) });
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    });
  });
}

function oneSystemPromises(open: OpenStage): void {
  describe("two processes on one database", () => {
    const folder = mkdtempSync(join(tmpdir(), "postern-adapter-shared-"));
    const wish = { options: { database: `file:${join(folder, "postern.db")}` } };
    const here = staged(open, wish);
    const there = staged(open, wish);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test("are one system: in here is in there, out here is out there within a second", async () => {
      const person = await signedIn(here(), "bo");
      const elsewhere = new Person(there().url, { jar: person.jar.copy() });
      expect((await elsewhere.session())?.user.email).toBe("bo@demo.example");

      expect((await person.post("/auth/sign-out")).status).toBe(303);
      await expectSignedOutWithinASecond(elsewhere);
    });
  });
}

/** Asks until the session is gone. What counts is when a question was asked that was still answered with yes. */
export async function expectSignedOutWithinASecond(person: Person): Promise<void> {
  const signedOutAt = performance.now();
  for (;;) {
    const askedAt = performance.now();
    if ((await person.session()) === null) return;
    expect(
      askedAt - signedOutAt,
      "milliseconds after which a session that had ended was let in",
    ).toBeLessThan(1000);
  }
}

/** Sends header lines as they are and answers everything that comes back. */
async function exchange(stage: Stage, lines: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(stage.url).port), "127.0.0.1");
  socket.end([...lines, "Host: localhost", "Connection: close", "", ""].join("\r\n"));
  return text(socket);
}

/** Announces more than it sends, and hangs up once the server has begun with it. Ends when the server has noticed. */
async function leaveInTheMiddle(stage: Stage, path: string): Promise<void> {
  const socket = connect(Number(new URL(stage.url).port), "127.0.0.1");
  const arrived = once(stage.server, "request") as Promise<[IncomingMessage]>;
  const type = "Content-Type: application/x-www-form-urlencoded";
  socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${type}\r\nContent-Length: 1000\r\n\r\nlocale=`);
  const [request] = await arrived;
  const noticed = new Promise((resolve) => request.socket.once("close", resolve));
  socket.destroy();
  await noticed;
}
