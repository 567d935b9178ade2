import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { postern } from "postern/hono";
import config from "./postern.config.ts";

const door = await postern(config);
const app = new Hono();
app.use(door.routes());

app.get("/", async (c) => {
  const principal = await door.authenticate(c);
  return c.text(`Hello, ${principal?.user.name ?? "stranger"}. Staff: /orders, /admin, /auth/account`);
});

app.get("/orders", door.requirePermission("orders.read"), (c) =>
  c.json({ for: c.var.user.email, orders: [{ id: 1001, what: "Teapot", state: "shipped" }] }),
);

app.post("/orders/:id/refund", door.requirePermission("orders.refund"), (c) =>
  c.json({ refunded: Number(c.req.param("id")), by: c.var.user.email }),
);

app.get("/admin", door.requireRole("admin"), (c) => c.text(`Welcome to the back office, ${c.var.user.name}`));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, () =>
  console.log(`Open ${config.publicUrl}/orders`),
);
