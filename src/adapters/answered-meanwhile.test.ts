import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import express from "express";
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Rehearsal, startRehearsal } from "../rehearsal/start-rehearsal.ts";
import type { StartApplication } from "../testing/adapter-suite.ts";
import { openStage, signedIn } from "../testing/internal/adapter-suite/stage.ts";
import { postern as expressDoor } from "./express.ts";
import { postern as honoDoor } from "./hono.ts";
import { postern as nodeDoor } from "./node.ts";

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await startRehearsal();
});
afterAll(() => rehearsal.close());

/** A guard that may take a key never answers at once: whoever has asked it can answer before it does. */
const LATE = ["orders.read", { apiKeys: true }] as const;

/** Where each application says what became of the guard. */
let told: PromiseWithResolvers<unknown>;

const APPLICATIONS = {
  express: async ({ options }) => {
    const door = await expressDoor(options);
    const mayRead = door.requirePermission(...LATE);
    const app = express();
    app.use(door.routes());
    app.get("/orders", (req, res) => {
      const went: unknown[] = [];
      const asked = Promise.resolve(mayRead(req, res, (error) => void went.push(error ?? "on")));
      res.status(503).send("timed out");
      told.resolve(asked.then(() => went));
    });
    return { door, listener: app };
  },
  hono: async ({ options }) => {
    const door = await honoDoor(options);
    const mayRead = door.requirePermission(...LATE);
    const app = new Hono();
    app.use(door.routes());
    const went: string[] = [];
    const answering = createMiddleware<{ Bindings: HttpBindings }>(async (c, next) => {
      const asked = next();
      c.env.outgoing.writeHead(503).end("timed out");
      told.resolve(asked.then(() => went));
      await asked;
    });
    app.get("/orders", answering, mayRead, () => {
      went.push("on");
      return RESPONSE_ALREADY_SENT;
    });
    return { door, listener: getRequestListener(app.fetch) };
  },
  node: async ({ options }) => {
    const door = await nodeDoor(options);
    const mayRead = door.requirePermission(...LATE);
    const listener = door.listener((request, response) => {
      const asked = mayRead(request, response);
      response.writeHead(503).end("timed out");
      told.resolve(asked);
    });
    return { door, listener };
  },
} satisfies Readonly<Record<string, StartApplication>>;

test.each([
  ["express", "does not go on", APPLICATIONS.express, []],
  ["hono", "goes on, since its handlers answer by what they return", APPLICATIONS.hono, ["on"]],
  ["node", "lets nobody pass", APPLICATIONS.node, null],
])(
  "on %s, a guard whose request was answered meanwhile %s, and never fails",
  async (_, __, start, outcome) => {
    const stage = await openStage(start, rehearsal.url);
    try {
      told = Promise.withResolvers();
      const lead = await signedIn(stage, "liwei");
      const answer = await lead.request("/orders");
      expect([answer.status, await answer.text()]).toEqual([503, "timed out"]);
      expect(await told.promise).toEqual(outcome);
    } finally {
      await stage.close();
    }
  },
);
