import express, { type ErrorRequestHandler, type Express } from "express";
import { postern } from "../../../src/adapters/express.ts";
import type { StartApplication } from "../../../src/testing/adapter-suite.ts";

/** The application of the adapter suite, written with Express. */
export const expressApplication: StartApplication = async ({ options, prefix, bodyParserFirst }) => {
  const door = await postern(options);
  const app = express();
  app.use((_req, res, next) => {
    res.append("set-cookie", "visit=1");
    next();
  });
  const parsers = [express.json(), express.urlencoded({ extended: true }), express.text()];
  if (bodyParserFirst) app.use(...parsers);
  app.use(door.routes());
  app.use(door.cors({ exposeHeaders: ["x-application"] }));

  app.get("/", async (req, res) => {
    const principal = await door.authenticate(req);
    res.send(`Hello, ${principal?.user.name ?? "stranger"}`);
  });
  app.get("/orders", door.requireUser(), (req, res) => {
    res.set("x-application", "orders").append("set-cookie", "seen=1").append("set-cookie", "tab=2");
    res.json(req.user);
  });
  app.post("/orders", door.requireUser(), ...parsers, (req, res) => void res.send(JSON.stringify(req.body)));
  app.post(
    "/orders/:id/refund",
    door.requirePermission("orders.refund"),
    (_req, res) => void res.send("refunded"),
  );
  app.get("/admin", door.requireRole("admin"), (req, res) => void res.send(`Welcome, ${req.user.name}`));
  app.get("/payroll", door.requireUser({ freshWithin: "10m" }), (_req, res) => void res.send("payroll"));
  app.get("/logo", door.requireUser(), (_req, res) => {
    res.set("cache-control", "private, max-age=60").send("logo");
  });
  app.get("/bare", door.requireUser(), (_req, res) => {
    res.writeHead(200, { "content-type": "text/plain" }).end("bare");
  });
  app.get("/broken", door.requireUser(), () => {
    throw new Error("broken");
  });
  app.all("/authentic", express.text({ type: () => true, limit: "1mb" }), (req, res) => {
    res.send(`${req.method} ${typeof req.body === "string" ? req.body : ""}`);
  });
  app.use(door.requireUser(), (_req, res) => void res.status(404).send("nothing here"));
  return { listener: served(app, prefix), door };
};

function served(app: Express, prefix: string): Express {
  const handled: ErrorRequestHandler = (error, _req, res, _next) => {
    res.status(error.status ?? 500).send(`handled: ${error.message}`);
  };
  app.use(handled);
  return prefix === "" ? app : express().use(prefix, app);
}
