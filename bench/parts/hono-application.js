import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { ordersOf, pageOf } from "./person.js";

/** The two routes, behind middleware that answers by itself whom it does not let in. */
export function addRoutes(app, guard, nameOf) {
  app.get("/api/orders", ...guard, (c) => c.json(ordersOf(nameOf(c))));
  app.get("/orders", ...guard, (c) => c.html(pageOf(nameOf(c))));
}

/** Resolves when the application listens. */
export function listen(app, { port }) {
  const server = createServer(getRequestListener(app.fetch));
  return new Promise((resolve, reject) => {
    server.listen(port, "127.0.0.1", resolve).once("error", reject);
  });
}
