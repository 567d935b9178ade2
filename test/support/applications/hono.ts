import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { setCookie } from "hono/cookie";
import { postern } from "../../../src/adapters/hono.ts";
import type { StartApplication } from "../../../src/testing/adapter-suite.ts";

/** The application of the adapter suite, written with Hono, behind Node's own server. */
export const honoApplication: StartApplication = async (settings) => {
  const { app, door } = await honoOffice(settings);
  return { listener: getRequestListener(app.fetch), door };
};

/** The same where nobody hands on Node's own answer, as on other runtimes. */
export const honoElsewhere: StartApplication = async (settings) => {
  const { app, door } = await honoOffice(settings);
  return { listener: getRequestListener((request, { incoming }) => app.fetch(request, { incoming })), door };
};

async function honoOffice({ options, prefix, bodyParserFirst }: Parameters<StartApplication>[0]) {
  const door = await postern(options);
  const app = new Hono();
  app.use(async (c, next) => {
    c.header("set-cookie", "visit=1", { append: true });
    if (bodyParserFirst && c.req.header("content-type")?.includes("json")) await c.req.json();
    else if (bodyParserFirst) await c.req.parseBody();
    await next();
  });
  app.use(door.routes());
  app.use(door.cors({ exposeHeaders: ["x-application"] }));

  app.get("/", async (c) => {
    const principal = await door.authenticate(c);
    return c.text(`Hello, ${principal?.user.name ?? "stranger"}`);
  });
  app.get("/orders", door.requireUser(), (c) => {
    setCookie(c, "seen", "1");
    setCookie(c, "tab", "2");
    return c.json(c.var.user, 200, { "x-application": "orders" });
  });
  app.post("/orders", door.requireUser(), async (c) => c.text(await c.req.text()));
  app.post("/orders/:id/refund", door.requirePermission("orders.refund"), (c) => c.text("refunded"));
  app.get("/admin", door.requireRole("admin"), (c) => c.text(`Welcome, ${c.var.user.name}`));
  app.get("/payroll", door.requireUser({ freshWithin: "10m" }), (c) => c.text("payroll"));
  app.get("/logo", door.requireUser(), (c) =>
    c.text("logo", 200, { "cache-control": "private, max-age=60" }),
  );
  app.get("/bare", door.requireUser(), () => new Response("bare"));
  app.get("/broken", door.requireUser(), () => {
    throw new Error("broken");
  });
  app.all("/authentic", async (c) => c.text(`${c.req.method} ${await c.req.text()}`));
  app.all("*", door.requireUser(), (c) => c.text("nothing here", 404));
  app.onError((error, c) => c.text(`handled: ${error.message}`, 500));

  const served = prefix === "" ? app : new Hono().route(prefix, app);
  return { app: served, door };
}
