import { ordersOf, pageOf } from "./person.js";

/** The two routes, behind hooks that answer by themselves whom they do not let in. */
export function addRoutes(app, preHandler, nameOf) {
  app.get("/api/orders", { preHandler }, async (request) => ordersOf(nameOf(request)));
  app.get("/orders", { preHandler }, async (request, reply) => {
    reply.type("text/html; charset=utf-8");
    return pageOf(nameOf(request));
  });
}
