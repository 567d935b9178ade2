import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SILENT_LOG } from "../../model/log.ts";
import type { TokenSet } from "../../model/token-set.ts";
import { createOutbound, type Outbound } from "../../oauth/outbound.ts";
import { connect } from "../connect.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { ApiHook } from "../hooks.ts";
import { oauth1 } from "../oauth1.ts";
import { oidc } from "../oidc.ts";
import type { ApiRequest, ApiResult, ProviderApiDoor } from "../provider.ts";

const TOKENS: TokenSet = {
  accessToken: "the-token",
  refreshToken: null,
  idToken: null,
  expiresAt: null,
  scope: null,
};
const NOW = Date.UTC(2030, 0, 1);

let api: Server;
let elsewhere: Server;
let base: string;
let other: string;
let outbound: Outbound;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let arrived: IncomingMessage[] = [];
let strayed: IncomingMessage[] = [];

beforeAll(async () => {
  api = createServer((request, response) => {
    arrived.push(request);
    answer(request, response);
  });
  elsewhere = createServer((request, response) => {
    strayed.push(request);
    response.end("{}");
  });
  [base, other] = await Promise.all([listen(api), listen(elsewhere)]);
});
afterAll(() => {
  api.close();
  elsewhere.close();
});
afterEach(async () => {
  arrived = [];
  strayed = [];
  await outbound.close();
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CLIENT = { id: "corp", name: "Corp", clientId: "client-1", clientSecret: "secret-1" };

function doorOf(hook: Partial<ApiHook> = {}, definition?: ProviderDefinition): ProviderApiDoor {
  const allowedHosts = new Set([new URL(base).host, new URL(other).host]);
  outbound = createOutbound({ allowedHosts, now: () => NOW, log: SILENT_LOG });
  const plain = definition ?? oidc({ ...CLIENT, issuer: base });
  const works = { outbound, now: () => NOW, log: SILENT_LOG };
  const door = connect({ ...plain, api: { baseUrl: `${base}/v1`, ...hook } }, works).api;
  if (door === null) throw new Error("no API");
  return door;
}

function request(door: ProviderApiDoor, path: string, over: Partial<ApiRequest> = {}): ApiRequest {
  const usual = {
    method: "GET",
    headers: new Headers(),
    body: null,
    maxBytes: 1_000,
    timeout: 2_000,
    signal: null,
  };
  return { ...usual, url: door.resolve(path), ...over };
}

async function ask(door: ProviderApiDoor, path: string, over: Partial<ApiRequest> = {}) {
  const result: ApiResult = await door.send(request(door, path, over), TOKENS);
  return result.kind === "failed" ? result.reason : result;
}

describe("an address", () => {
  test.each([
    ["/users?page=2", "/v1/users?page=2"],
    ["users", "/v1/users"],
    ["//evil.example/users", "/v1/evil.example/users"],
    ["/\\evil.example/users", "/v1//evil.example/users"],
    ["@evil.example/", "/v1/@evil.example/"],
    [".evil.example/", "/v1/.evil.example/"],
    ["?page=2", "/v1/?page=2"],
  ])("%s lies below the API", (path, expected) => {
    const url = doorOf().resolve(path);
    expect(url.origin).toBe(base);
    expect(url.pathname + url.search).toBe(expected);
  });

  test.each([
    "/../admin",
    "/users/../../admin",
    "/%2e%2e/admin",
    "/..\\admin",
    "https://evil.example/v1/users",
    "https:evil.example",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://127.0.0.1:1/v1/users",
  ])("%s does not belong to it", (path) => {
    expect(() => doorOf().resolve(path)).toThrow(TypeError);
  });

  test("with a user in it does not, also on its own host; absolute ones of its hosts do", () => {
    const door = doorOf({ origins: [other] });
    expect(() => door.resolve(base.replace("http://", "http://ada:pw@"))).toThrow(TypeError);
    expect(door.resolve(`${other}/files`).href).toBe(`${other}/files`);
    expect(door.resolve(`${base}/v2/users`).href).toBe(`${base}/v2/users`);
  });
});

describe("the token", () => {
  test.each([
    [{}, "authorization", "Bearer the-token"],
    [{ tokenIn: { header: "x-own-token" } }, "x-own-token", "the-token"],
  ] as const)(
    "stands where %o says, and a caller's own credentials are left out",
    async (hook, name, value) => {
      answer = (_, response) => response.end("{}");
      const headers = new Headers({
        authorization: "Bearer mine",
        cookie: "a=b",
        host: "evil.example",
        "x-kept": "1",
      });
      await ask(doorOf(hook), "/users", { headers });
      expect(arrived[0]?.headers[name]).toBe(value);
      expect(arrived[0]?.headers).toMatchObject({ "x-kept": "1", host: new URL(base).host });
      expect(arrived[0]?.headers.cookie).toBeUndefined();
      if (name !== "authorization") expect(arrived[0]?.headers.authorization).toBeUndefined();
    },
  );

  test("stands in the query, in place of one that was there", async () => {
    answer = (_, response) => response.end("{}");
    await ask(doorOf({ tokenIn: { query: "access_token" } }), "/users?access_token=old&x=1");
    expect(arrived[0]?.url).toBe("/v1/users?access_token=the-token&x=1");
    expect(arrived[0]?.headers.authorization).toBeUndefined();
  });

  test("signs with OAuth 1.0a, its secret going nowhere", async () => {
    answer = (_, response) => response.end("{}");
    const urls = {
      requestTokenUrl: `${base}/r`,
      authorizationUrl: `${base}/a`,
      tokenUrl: `${base}/t`,
      userUrl: `${base}/u`,
    };
    const door = doorOf({}, oauth1({ ...CLIENT, ...urls, fields: { subject: "id" } }));
    const accessToken = "oauth_token=tok&oauth_token_secret=very-secret";
    await door.send(request(door, "/users?b=2"), { ...TOKENS, accessToken });
    const { authorization = "" } = arrived[0]?.headers ?? {};
    expect(authorization).toMatch(/^OAuth .*oauth_token="tok".*oauth_signature="[^"]+"$/);
    expect(authorization).not.toContain("very-secret");
  });
});

describe("a redirect", () => {
  const to = (location: string, status = 302) => {
    answer = (incoming, response) => {
      if (incoming.url?.startsWith("/v1/moved") !== true) return void response.end('{"found":true}');
      response.writeHead(status, { location }).end();
    };
  };

  test("within the host is followed for reading", async () => {
    to("/v2/users");
    const result = await ask(doorOf(), "/moved");
    expect(result).toMatchObject({ response: { status: 200 } });
    expect(arrived.map(({ url }) => url)).toEqual(["/v1/moved", "/v2/users"]);
  });

  test.each(["elsewhere", "user"])("off the host (%s) is an answer, and nothing goes there", async (kind) => {
    to(kind === "elsewhere" ? `${other}/users` : base.replace("http://", "http://ada:pw@"));
    const door = doorOf({ origins: [other] });
    expect(await ask(door, "/moved")).toMatchObject({ response: { status: 302 } });
    expect(strayed).toEqual([]);
    expect(arrived).toHaveLength(1);
  });

  test("is not followed for writing, nor for ever", async () => {
    to("/v1/moved", 307);
    expect(await ask(doorOf(), "/moved", { method: "POST" })).toMatchObject({ response: { status: 307 } });
    expect(arrived).toHaveLength(1);
    await ask(doorOf(), "/moved");
    expect(arrived).toHaveLength(1 + 4);
  });
});

describe("an answer", () => {
  test.each([
    [429, { "retry-after": "7" }, 7_000],
    [429, {}, null],
    [403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1_000 + 60) }, 60_000],
    [403, { "ratelimit-remaining": "0", "ratelimit-reset": "30" }, 30_000],
    [503, { "retry-after": new Date(NOW + 5_000).toUTCString() }, 5_000],
  ] as const)("%i with %o says when to ask again", async (status, headers, retryAfter) => {
    answer = (_, response) => response.writeHead(status, headers).end();
    expect(await ask(doorOf(), "/users")).toMatchObject({ limited: { retryAfter } });
  });

  test.each([
    [403, { "x-ratelimit-remaining": "12", "x-ratelimit-reset": String(NOW / 1_000 + 60) }],
    [200, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(NOW / 1_000 + 60) }],
    [404, { "retry-after": "7" }],
  ])("%i with %o is none of the limit", async (status, headers) => {
    answer = (_, response) => response.writeHead(status, headers).end();
    expect(await ask(doorOf(), "/users")).toMatchObject({ limited: null, response: { status } });
  });

  test("keeps its headers, but for cookies; one that has not changed has no body", async () => {
    answer = (_, response) => response.writeHead(304, { etag: '"1"', "set-cookie": "a=b" }).end();
    const result = await ask(doorOf(), "/users");
    if (typeof result === "string") throw new Error(result);
    expect(result.response.status).toBe(304);
    expect(result.response.headers.get("etag")).toBe('"1"');
    expect(result.response.headers.get("set-cookie")).toBeNull();
  });

  test("that is too large, or does not come, or is no longer wanted, is cut off", async () => {
    answer = (_, response) => response.end("x".repeat(1_001));
    expect(await ask(doorOf(), "/users")).toBe("response_too_large");
    answer = () => {};
    expect(await ask(doorOf(), "/users", { timeout: 50 })).toBe("timeout");
    const controller = new AbortController();
    answer = () => controller.abort();
    expect(await ask(doorOf(), "/users", { signal: controller.signal })).toBe("aborted");
    expect(await ask(doorOf(), "/users", { signal: AbortSignal.abort() })).toBe("aborted");
  });

  test("of a broken API, ten times over, does not close the way to its other doors", async () => {
    answer = (_, response) => response.writeHead(500).end();
    const door = doorOf();
    for (let n = 0; n < 10; n++) await ask(door, "/users");
    expect(await ask(door, "/users")).toBe("circuit_open");
    answer = (_, response) => response.end("{}");
    await expect(outbound.fetch(`${base}/token`, { maxBytes: 10 })).resolves.toMatchObject({ status: 200 });
  });
});

test("the page after this one: by the link, or by what the content says", () => {
  const url = new URL("https://api.example.com/v1/users?page=1");
  const response = new Response("[]", { headers: { link: '</v1/users?page=2>; rel="next"' } });
  expect(doorOf().nextPage([], response, url)).toBe("https://api.example.com/v1/users?page=2");
  expect(doorOf().nextPage([], new Response("[]"), url)).toBeNull();
  const own = doorOf({ paging: (body, { origin }) => `${origin}/${body}` });
  expect(own.nextPage("x", response, url)).toBe("https://api.example.com/x");
});
