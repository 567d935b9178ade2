import { createServer } from "node:http";
import { ordersOf, pageOf } from "./person.js";

/** The two routes in plain `node:http`. `nameOf` answers who asks, or `null` after it has answered itself. */
export function nodeApplication(nameOf) {
  return async (request, response) => {
    const name = await nameOf(request, response);
    if (name === null) return;
    if (request.url === "/api/orders") {
      response.setHeader("content-type", "application/json; charset=utf-8");
      response.end(JSON.stringify(ordersOf(name)));
    } else if (request.url === "/orders") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(pageOf(name));
    } else {
      response.statusCode = 404;
      response.end();
    }
  };
}

/** Resolves when the server listens. */
export function listen(listener, { port }) {
  return new Promise((resolve, reject) => {
    createServer(listener).listen(port, "127.0.0.1", resolve).once("error", reject);
  });
}
