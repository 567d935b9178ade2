import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type FrontEnd, FrontEndError, postern } from "./index.ts";

/** The promise of the documentation, in bytes. */
const MOST_BYTES = 2048;
const MINUTE = 60_000;

test("is at most 2 KB, minified and compressed", async () => {
  const bundle = await rolldown({ input: join(import.meta.dirname, "index.ts") });
  const { output } = await bundle.generate({ minify: true });
  expect(output).toHaveLength(1);
  expect(gzipSync(output[0].code).length).toBeLessThanOrEqual(MOST_BYTES);
});

/** What a server was asked. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Answer {
  readonly status?: number;
  readonly body?: unknown;
}

/** A server that answers as it is told and remembers what it was asked. */
interface Place {
  readonly url: string;
  readonly asked: Asked[];
  answer: (asked: Asked) => Answer | Promise<Answer>;
  readonly server: Server;
}

const places: Place[] = [];
async function place(answer: Place["answer"]): Promise<Place> {
  const asked: Asked[] = [];
  const listener: RequestListener = async (request, response) => {
    const { method = "", url: path = "", headers } = request;
    const one = { method, path, headers, body: await text(request) };
    asked.push(one);
    const { status = 200, body = {} } = await here.answer(one);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const here = { url: `http://localhost:${(server.address() as AddressInfo).port}`, asked, answer, server };
  places.push(here);
  return here;
}
afterEach(() => {
  vi.useRealTimers();
  for (const { server } of places.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const ADA = {
  user: { id: "usr_1", name: "Ada", email: null, picture: null, roles: ["member"], permissions: [] },
  session: { id: "ses_1", createdAt: "", lastSeenAt: "", expiresAt: "", provider: "github" },
};
const BO = { user: { ...ADA.user, id: "usr_2", name: "Bo" }, session: { ...ADA.session, id: "ses_2" } };
const NOBODY = { status: 401, body: { code: "authentication_required", detail: "Sign in first." } };

/** The n-th token, for five minutes, by a clock of another century than this one's. */
function issued(n: number): Answer {
  const iat = 4_000_000_000;
  const payload = { iat, exp: iat + 300, n, roles: ["审计员"] };
  return {
    body: { token: `h.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.s${n}`, expiresAt: "" },
  };
}

let office: Place;
let api: Place;
let door: FrontEnd;
let tokens: number;
beforeEach(async () => {
  tokens = 0;
  office = await place(({ path }) => {
    if (path === "/auth/token") return issued(++tokens);
    return path === "/auth/session" ? { body: ADA } : {};
  });
  api = await place(() => ({ body: { ok: true } }));
  door = postern({ url: `${office.url}/auth`, services: { [`${api.url}/v1`]: "orders-api" } });
});

const bearers = ({ asked }: Place) => asked.map(({ headers }) => headers.authorization?.split(".").at(-1));

describe("the session", () => {
  test("is asked for once, however many want to know, and again when it is to be fresh", async () => {
    const all = await Promise.all([door.session(), door.session(), door.session()]);
    expect(all.map((principal) => principal?.user.name)).toEqual(["Ada", "Ada", "Ada"]);
    await door.session();
    expect(office.asked).toHaveLength(1);
    await door.session({ fresh: true });
    expect(office.asked).toHaveLength(2);
  });

  test("is nobody's after a 401, which is remembered too", async () => {
    office.answer = () => NOBODY;
    expect(await door.session()).toBeNull();
    expect(await door.session()).toBeNull();
    expect(office.asked).toHaveLength(1);
  });

  test("that cannot be told is an error with its code, and is asked for again", async () => {
    office.answer = () => ({ status: 503, body: { code: "store_unavailable", detail: "Try again." } });
    const error = await door.session().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FrontEndError);
    expect(error).toMatchObject({ code: "store_unavailable", status: 503, message: "Try again." });
    office.answer = () => ({ body: ADA });
    expect((await door.session())?.user.name).toBe("Ada");
  });

  test("tells listeners of whoever comes and goes, and of nothing else", async () => {
    const told: (string | null)[] = [];
    const stop = door.onChange((principal) => told.push(principal?.user.name ?? null));
    await door.session();
    office.answer = () => ({ body: { ...ADA, session: { ...ADA.session, lastSeenAt: "later" } } });
    await door.session({ fresh: true });
    office.answer = () => ({ body: BO });
    await door.session({ fresh: true });
    office.answer = () => ({ body: { ...BO, user: { ...BO.user, roles: ["admin"] } } });
    await door.session({ fresh: true });
    expect(told).toEqual(["Ada", "Bo", "Bo"]);
    stop();
    office.answer = () => NOBODY;
    await door.session({ fresh: true });
    expect(told).toHaveLength(3);
  });

  test("ends with a POST that no form can send, and everybody is told", async () => {
    await door.session();
    const told: unknown[] = [];
    door.onChange((principal) => told.push(principal));
    office.answer = () => ({ body: { endSessionUrl: "https://sso.example/end" } });
    expect(await door.signOut()).toBe("https://sso.example/end");
    const { method, path, headers } = office.asked.at(-1) ?? {};
    expect([method, path]).toEqual(["POST", "/auth/sign-out"]);
    expect(headers).toMatchObject({ accept: "application/json", "x-postern-request": "1" });
    expect(told).toEqual([null]);
    expect(await door.session()).toBeNull();
  });

  test("that cannot be ended is still there", async () => {
    await door.session();
    office.answer = () => ({ status: 503, body: { code: "store_unavailable" } });
    await expect(door.signOut()).rejects.toMatchObject({ code: "store_unavailable" });
    expect((await door.session())?.user.name).toBe("Ada");
  });
});

describe("a token", () => {
  test("is asked for once, however many calls need it at once", async () => {
    await Promise.all(Array.from({ length: 20 }, () => door.fetch(`${api.url}/orders`)));
    expect(tokens).toBe(1);
    expect(new Set(bearers(api))).toEqual(new Set(["s1"]));
    expect(office.asked[0]?.body).toBe('{"audience":"orders-api"}');
  });

  test("is used until shortly before it ends, by a clock that need not be right", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("1999-12-31") });
    await door.token("orders-api");
    vi.setSystemTime(Date.now() + 4 * MINUTE);
    await door.token("orders-api");
    expect(tokens).toBe(1);
    vi.setSystemTime(Date.now() + 0.6 * MINUTE);
    await door.token("orders-api");
    expect(tokens).toBe(2);
  });

  test("that is refused is replaced once, and of many refused ones one asks", async () => {
    await door.token("orders-api");
    api.answer = ({ headers }) => (headers.authorization?.endsWith("s1") ? { status: 401 } : {});
    const calls = Array.from({ length: 10 }, () =>
      door.fetch(`${api.url}/orders`, { method: "POST", body: '{"n":1}' }),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(tokens).toBe(2);
    expect(new Set(api.asked.map(({ body }) => body))).toEqual(new Set(['{"n":1}']));
  });

  test("that is refused twice is the caller's to look at: no third try", async () => {
    api.answer = () => ({ status: 401 });
    expect((await door.fetch(`${api.url}/orders`)).status).toBe(401);
    expect(bearers(api)).toEqual(["s1", "s2"]);
  });

  test("that cannot be had is an error, and the next call asks anew", async () => {
    office.answer = () => ({ status: 403, body: { code: "audience_not_allowed" } });
    await expect(door.fetch(`${api.url}/orders`)).rejects.toMatchObject({ code: "audience_not_allowed" });
    office.answer = () => issued(7);
    expect((await door.fetch(`${api.url}/orders`)).status).toBe(200);
    expect(bearers(api)).toEqual(["s7"]);
  });

  test("of whoever was signed in before is used no more", async () => {
    await door.session();
    await door.token("orders-api");
    office.answer = ({ path }) => (path === "/auth/session" ? { body: BO } : issued(2));
    await door.session({ fresh: true });
    await door.fetch(`${api.url}/orders`);
    expect(bearers(api)).toEqual(["s2"]);
  });

  describe("of somebody who may have left meanwhile, where nobody has asked who it is,", () => {
    let show: () => void;
    let otherTab: { onmessage?: (event: { data: unknown }) => void };
    beforeEach(() => {
      const document = {
        visibilityState: "visible",
        addEventListener: (_: string, told: () => void) => (show = told),
      };
      vi.stubGlobal("document", document);
      vi.stubGlobal(
        "BroadcastChannel",
        class {
          constructor() {
            otherTab = this;
          }
        },
      );
      door = postern({ url: `${office.url}/auth`, services: { [api.url]: "orders-api" } });
    });
    afterEach(() => vi.unstubAllGlobals());

    test.each<readonly [string, () => unknown]>([
      ["the page is looked at again", () => show()],
      ["the back office knows nobody", () => door.fetch(`${office.url}/orders`)],
      ["another tab knows somebody else", () => otherTab.onmessage?.({ data: BO.session.id })],
      ["another tab knows nobody", () => otherTab.onmessage?.({ data: undefined })],
    ])("is used no more once %s", async (_, happens) => {
      await door.fetch(`${api.url}/orders`);
      office.answer = ({ path }) => (path === "/auth/token" ? issued(2) : NOBODY);
      await happens();
      await door.fetch(`${api.url}/orders`);
      expect(bearers(api)).toEqual(["s1", "s2"]);
      expect(office.asked.filter(({ path }) => path === "/auth/session")).toEqual([]);
    });
  });

  test("that was under way while somebody else came is asked for again", async () => {
    await door.session();
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    office.answer = async ({ path }) => {
      if (path === "/auth/session") return { body: BO };
      if (++tokens > 1) return issued(tokens);
      arrived.resolve();
      await release.promise;
      return issued(1);
    };
    const call = door.fetch(`${api.url}/orders`);
    await arrived.promise;
    await door.session({ fresh: true });
    release.resolve();
    await call;
    expect(bearers(api)).toEqual(["s2"]);
  });

  test("goes to the listed origins alone", async () => {
    const stranger = await place(() => ({}));
    await door.fetch(`${stranger.url}/orders`);
    await door.fetch(`${office.url}/api/me`);
    expect(bearers(stranger)).toEqual([undefined]);
    expect(bearers(office)).toEqual([undefined]);
    expect(tokens).toBe(0);
  });
});

describe("the address to sign in", () => {
  const page = "https://app.example.com/orders?page=2#top";
  const visited: string[] = [];
  beforeEach(() => {
    vi.stubGlobal("location", { href: page, assign: (url: string) => visited.push(url) });
    door = postern({ url: "https://admin.example.com/auth/" });
  });
  afterEach(() => vi.unstubAllGlobals());

  test.each([
    [{}, "", page],
    [{ returnTo: "/new?a=b" }, "", "https://app.example.com/new?a=b"],
    [{ returnTo: new URL("https://app.example.com/#/1") }, "", "https://app.example.com/#/1"],
    [{ returnTo: "https://admin.example.com/reports?x=1" }, "", "/reports?x=1"],
    [{ provider: "corp/../x" }, "/corp%2F..%2Fx", page],
  ])("with %j", (options, provider, back) => {
    const address = `https://admin.example.com/auth/sign-in${provider}?return_to=${encodeURIComponent(back)}`;
    expect(door.signInUrl(options)).toBe(address);
    door.signIn(options);
    expect(visited.pop()).toBe(address);
  });
});

describe("a call of the back office itself", () => {
  test("bears a header that makes the browser ask first, where something is changed", async () => {
    await door.fetch(`${office.url}/orders`);
    await door.fetch(`${office.url}/orders/1/refund`, { method: "POST", body: "{}" });
    expect(office.asked.map(({ headers }) => headers["x-postern-request"])).toEqual([undefined, "1"]);
  });

  test("that is answered 401 tells the page that nobody is signed in any more", async () => {
    await door.session();
    const gone = Promise.withResolvers<unknown>();
    door.onChange(gone.resolve);
    office.answer = () => NOBODY;
    expect((await door.fetch(`${office.url}/orders`)).status).toBe(401);
    expect(await gone.promise).toBeNull();
  });
});
