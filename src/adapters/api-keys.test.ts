import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { afterEach, expect, expectTypeOf, test } from "vitest";
import { rehearsalProviders, SECRET } from "../../test/support/back-office.ts";
import { scratchFolder } from "../../test/support/scratch-folder.ts";
import type { Caller, Postern, PosternOptions, PrincipalApiKey } from "../index.ts";
import { SILENT_LOG } from "../model/log.ts";
import { startRehearsal } from "../rehearsal/start-rehearsal.ts";
import { Person } from "../testing/person.ts";
import { postern as expressDoor } from "./express.ts";
import { postern as honoDoor, type PosternVariables } from "./hono.ts";
import { postern as nodeDoor } from "./node.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** One route for people and machines, in the words of each framework: answers who asks, and with which key. */
const APPLICATIONS = {
  express: async (options: PosternOptions) => {
    const door = await expressDoor(options);
    const app = express();
    app.use(door.routes());
    app.get("/orders", door.requirePermission("orders.read", { apiKeys: true }), (req, res) => {
      res.json([req.user.name, req.apiKey?.name ?? null]);
    });
    return { door, listener: app as RequestListener };
  },
  hono: async (options: PosternOptions) => {
    const door = await honoDoor(options);
    const app = new Hono();
    app.use(door.routes());
    app.get("/orders", door.requirePermission("orders.read", { apiKeys: true }), (c) =>
      c.json([c.var.user.name, c.var.apiKey?.name ?? null]),
    );
    return { door, listener: getRequestListener(app.fetch) as RequestListener };
  },
  node: async (options: PosternOptions) => {
    const door = await nodeDoor(options);
    const mayRead = door.requirePermission("orders.read", { apiKeys: true });
    const listener = door.listener(async (request, response) => {
      const caller = await mayRead(request, response);
      if (caller !== null) response.end(JSON.stringify([caller.user.name, caller.apiKey?.name ?? null]));
    });
    return { door, listener };
  },
} satisfies Record<
  string,
  (
    options: PosternOptions,
  ) => Promise<{ door: Pick<Postern, "apiKeys" | "close">; listener: RequestListener }>
>;

test.each(Object.entries(APPLICATIONS))(
  "%s tells its handlers whether a person or a machine asks",
  async (_, start) => {
    const rehearsal = await startRehearsal();
    const folder = scratchFolder();
    let listener: RequestListener = () => {};
    const server = createServer((request, response) => listener(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://localhost:${(server.address() as AddressInfo).port}`;
    const application = await start({
      publicUrl: url,
      secret: SECRET,
      database: folder.database("postern.db"),
      providers: rehearsalProviders(rehearsal.url),
      roles: { support: ["orders.read"] },
      access: [{ when: { emailDomain: "demo.example" }, then: "allow", roles: ["support"] }],
      limits: { keys: 2 },
      log: SILENT_LOG,
    });
    listener = application.listener;
    closing.push(
      () => folder.remove(),
      () => rehearsal.close(),
      () => application.door.close(),
      () => server.close(),
      () => server.closeAllConnections(),
    );

    const bo = new Person(url);
    await bo.signIn("rehearsal", "bo");
    expect(await (await bo.request("/orders")).json()).toEqual(["Bo Lund", null]);

    const userId = (await bo.session())?.user.id ?? "";
    const { secret } = await application.door.apiKeys.create(
      { userId, name: "nightly", permissions: ["orders.read"] },
      userId,
    );
    const ask = (key: string) => fetch(`${url}/orders`, { headers: { authorization: `Bearer ${key}` } });
    const answer = await ask(secret);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    expect(await answer.json()).toEqual(["Bo Lund", "nightly"]);
    const refused = await ask(`${secret}x`);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
    expect(await refused.json()).toMatchObject({ code: "api_key_invalid" });

    expect((await ask("pst_guess")).status).toBe(401);
    const limited = await ask("pst_guess");
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await limited.json()).toMatchObject({ code: "rate_limited" });
    expect((await ask(secret)).status).toBe(200);
  },
);

test("whoever lets machines pass is told so by the types", () => {
  type Node = Awaited<ReturnType<typeof nodeDoor>>;
  const people = (door: Node) => door.requirePermission("orders.read");
  const both = (door: Node) => door.requirePermission("orders.read", { apiKeys: true });
  expectTypeOf<Awaited<ReturnType<ReturnType<typeof both>>>>().toEqualTypeOf<Caller | null>();
  expectTypeOf<NonNullable<Awaited<ReturnType<ReturnType<typeof people>>>>["session"]["id"]>().toBeString();
  expectTypeOf<PosternVariables["apiKey"]>().toEqualTypeOf<PrincipalApiKey | undefined>();
  // @ts-expect-error: a role is for people
  const role = (door: Node) => door.requireRole("member", { apiKeys: true });
  // @ts-expect-error: there is no such option
  const misspelt = (door: Node) => door.requirePermission("orders.read", { apiKey: true });
  expect([people, both, role, misspelt]).toHaveLength(4);
});
