import { ordersOf, pageOf } from "./person.js";

/** The two routes, behind a guard (or several) that answers by itself whom it does not let in. */
export function addRoutes(app, guard, nameOf) {
  app.get("/api/orders", guard, (req, res) => res.json(ordersOf(nameOf(req, res))));
  app.get("/orders", guard, (req, res) => res.send(pageOf(nameOf(req, res))));
}
