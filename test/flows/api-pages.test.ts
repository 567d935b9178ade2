import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { google } from "../../src/providers/google.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import type { PagesInit } from "../../src/vault/api-call.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";

/** An answer of the API. */
interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content: unknown;
}

let api: Server;
let elsewhere: Server;
let apiUrl: string;
let elsewhereUrl: string;
let rehearsal: Rehearsal;
let office: BackOffice;
/** What the API says, by path and query. */
let answers: Record<string, Answer>;
/** What has arrived at the API: path and query. */
let asked: string[];
/** The same with their tokens. */
let tokens: (string | undefined)[];
let strayed: IncomingMessage[];
/** Tokens that the API takes no more. */
const refused = new Set<string | undefined>();
let ada: { readonly id: string };

beforeAll(async () => {
  api = createServer(({ url = "", headers }, response) => {
    asked.push(url);
    tokens.push(headers.authorization);
    const known = answers[url] ?? { status: 404, content: { message: "no such page" } };
    const answer = refused.has(headers.authorization) ? { status: 401, content: {} } : known;
    const head = { "content-type": "application/json", ...answer.headers };
    response.writeHead(answer.status ?? 200, head).end(JSON.stringify(answer.content));
  });
  elsewhere = createServer((request, response) => {
    strayed.push(request);
    response.end("[]");
  });
  [apiUrl, elsewhereUrl] = [await listen(api), await listen(elsewhere)];
  rehearsal = await startRehearsal();
  const client = { clientId: "back-office", clientSecret: "rehearsal-secret", keepTokens: true };
  const byLink = oidc({ id: "links", name: "Links", issuer: rehearsal.url, apiUrl, ...client });
  const { paging } = google(client).api ?? {};
  const byCursor = { ...byLink, id: "cursors", api: { baseUrl: apiUrl, ...(paging && { paging }) } };
  office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    options: { providers: [byLink, byCursor], owners: [] },
  });
});
beforeEach(async () => {
  [answers, asked, tokens, strayed] = [{}, [], [], []];
  const person = new Person(office.url);
  await person.signIn("links", "ada");
  ada = { id: (await person.session())?.user.id ?? "" };
});
afterAll(async () => {
  await office.close();
  await rehearsal.close();
  for (const server of [api, elsewhere]) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pages = (path: string, init?: PagesInit<unknown>) =>
  office.door.api(ada, "links").pages<unknown>(path, init);

/** All that is read, until the end or what stopped it. */
async function read(all: AsyncIterable<unknown>) {
  const contents: unknown[] = [];
  try {
    for await (const content of all) contents.push(content);
  } catch (error) {
    return { contents, error };
  }
  return { contents, error: null };
}

const linkTo = (address: string) => ({ link: `<${address}>; rel="next"` });

/** Three pages, each of which leads to the next by such an address. */
function threePages(next: (page: number) => string): void {
  answers = {
    "/items": { content: [1], headers: linkTo(next(2)) },
    "/items?page=2": { content: [2], headers: linkTo(next(3)) },
    "/items?page=3": { content: [3] },
  };
}

describe("the pages of a list", () => {
  test.each([
    ["absolute addresses", (page: number) => `${apiUrl}/items?page=${page}`],
    ["absolute paths", (page: number) => `/items?page=${page}`],
    ["relative paths", (page: number) => `items?page=${page}`],
    ["queries", (page: number) => `?page=${page}`],
  ])("are read by the Link header, with %s", async (_, next) => {
    threePages(next);
    expect(await read(pages("/items"))).toEqual({ contents: [[1], [2], [3]], error: null });
    expect(asked).toEqual(["/items", "/items?page=2", "/items?page=3"]);
    expect(new Set(tokens)).toEqual(new Set([`Bearer ${await office.door.accessToken(ada, "links")}`]));
  });

  test("are read by a cursor in the content, which goes into the query beside what stands there", async () => {
    const person = new Person(office.url);
    await person.signIn("cursors", "ada");
    const user = { id: (await person.session())?.user.id ?? "" };
    answers = {
      "/items?size=1": { content: { items: [1], nextPageToken: "a&b=" } },
      "/items?size=1&pageToken=a%26b%3D": { content: { items: [2], nextPageToken: "c" } },
      "/items?size=1&pageToken=c": { content: { items: [3], nextPageToken: "" } },
    };
    const { contents, error } = await read(office.door.api(user, "cursors").pages("/items?size=1"));
    expect([contents.length, error]).toEqual([3, null]);
    expect(asked).toEqual(Object.keys(answers));
  });

  test("are read as the caller says it", async () => {
    threePages(() => "/nowhere");
    const next = (page: unknown) =>
      Array.isArray(page) && page[0] < 3 ? `/items?page=${page[0] + 1}` : null;
    expect(await read(pages("/items", { next }))).toEqual({ contents: [[1], [2], [3]], error: null });
  });
});

describe("a next page elsewhere", () => {
  const leads = (address: string) => {
    answers = { "/items": { content: [1], headers: linkTo(address) } };
  };

  test.each([
    ["another host", () => `${elsewhereUrl}/items`],
    ["another host by the short way", () => elsewhereUrl.replace("http:", "")],
    ["its own host by a user of another", () => apiUrl.replace("//", "//user:password@")],
    ["its own host by another scheme", () => apiUrl.replace("http:", "https:")],
    ["no address at all", () => "javascript:alert(1)"],
  ])("is refused: %s; nobody there sees the token", async (_, address) => {
    leads(address());
    expect(await read(pages("/items"))).toEqual({ contents: [[1]], error: expect.any(TypeError) });
    expect([asked, strayed]).toEqual([["/items"], []]);
  });

  test("is refused to the caller too", async () => {
    leads("/items?page=2");
    const { contents, error } = await read(pages("/items", { next: () => `${elsewhereUrl}/items` }));
    expect([contents, error]).toEqual([[[1]], expect.any(TypeError)]);
    expect(strayed).toEqual([]);
  });

  test("is not reached by a redirect either", async () => {
    threePages((page) => `/items?page=${page}`);
    answers["/items?page=2"] = { status: 302, headers: { location: `${elsewhereUrl}/items` }, content: [] };
    const { contents, error } = await read(pages("/items"));
    expect([contents, error]).toEqual([[[1]], expect.objectContaining({ reason: "status_302" })]);
    expect(strayed).toEqual([]);
  });
});

test.each([
  ["itself", { "/items": "/items" }],
  ["the first", { "/items": "/items?page=2", "/items?page=2": "/items" }],
  [
    "the one before",
    { "/items": "/items?page=2", "/items?page=2": "/items?page=3", "/items?page=3": "/items?page=2" },
  ],
])("a page that leads to %s is the last", async (_, next) => {
  answers = Object.fromEntries(
    Object.entries(next).map(([path, address]) => [path, { content: path, headers: linkTo(address) }]),
  );
  expect(await read(pages("/items"))).toEqual({ contents: Object.keys(next), error: null });
  expect(asked).toEqual(Object.keys(next));
});

describe("in the middle", () => {
  beforeEach(() => threePages((page) => `/items?page=${page}`));

  test("a token that is refused is refreshed once, and no page is missed or comes twice", async () => {
    const before = rehearsal.requests.token;
    const contents: unknown[] = [];
    for await (const content of pages("/items")) {
      contents.push(content);
      if (contents.length === 1) refused.add(tokens[0]);
    }
    expect(contents).toEqual([[1], [2], [3]]);
    expect(rehearsal.requests.token).toBe(before + 1);
    expect(asked).toEqual(["/items", "/items?page=2", "/items?page=2", "/items?page=3"]);
    expect(tokens.map((token) => token === tokens[0])).toEqual([true, true, false, false]);
  });

  test("a limit ends it with the time to wait, and nothing more is asked", async () => {
    answers["/items?page=2"] = { status: 429, headers: { "retry-after": "7" }, content: {} };
    const { contents, error } = await read(pages("/items"));
    expect(contents).toEqual([[1]]);
    expect(error).toMatchObject({ code: "provider_unavailable", reason: "rate_limited", retryAfter: 7_000 });
    expect(asked).toEqual(["/items", "/items?page=2"]);
    // Whoever has waited goes on from there.
    threePages((page) => `/items?page=${page}`);
    expect((await read(pages("/items?page=2"))).contents).toEqual([[2], [3]]);
  });

  test("an error ends it with what the API said", async () => {
    answers["/items?page=2"] = { status: 500, content: {} };
    expect(await read(pages("/items"))).toMatchObject({
      contents: [[1]],
      error: { code: "provider_unavailable", reason: "status_500" },
    });
  });

  test("whoever stops has asked no more than they have read, and nothing before they began", async () => {
    const all = pages("/items");
    expect(asked).toEqual([]);
    for await (const content of all) {
      expect(content).toEqual([1]);
      break;
    }
    const iterator = pages("/items")[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(asked).toEqual(["/items", "/items", "/items?page=2"]);
  });

  test("whoever gives up is told so, and nothing more is asked", async () => {
    const giveUp = new AbortController();
    const contents: unknown[] = [];
    const reading = async () => {
      for await (const content of pages("/items", { signal: giveUp.signal })) {
        contents.push(content);
        giveUp.abort(new Error("enough"));
      }
    };
    await expect(reading()).rejects.toThrow("enough");
    expect([contents, asked]).toEqual([[[1]], ["/items"]]);
  });
});
