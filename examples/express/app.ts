import express from "express";
import { postern } from "postern/express";
import config from "./postern.config.ts";

const door = await postern(config);
const app = express();
app.use(door.routes());

app.get("/", async (req, res) => {
  const principal = await door.authenticate(req);
  res
    .type("text")
    .send(`Hello, ${principal?.user.name ?? "stranger"}. Staff: /orders, /admin, /auth/account`);
});

app.get("/orders", door.requirePermission("orders.read"), (req, res) => {
  res.json({ for: req.user.email, orders: [{ id: 1001, what: "Teapot", state: "shipped" }] });
});

app.post("/orders/:id/refund", door.requirePermission("orders.refund"), (req, res) => {
  res.json({ refunded: Number(req.params.id), by: req.user.email });
});

app.get("/admin", door.requireRole("admin"), (req, res) => {
  res.type("text").send(`Welcome to the back office, ${req.user.name}`);
});

app.listen(Number(process.env.PORT ?? 3000), () => console.log(`Open ${config.publicUrl}/orders`));
