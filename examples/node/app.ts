import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { postern } from "postern/node";
import config from "./postern.config.ts";

const door = await postern(config);
const canRead = door.requirePermission("orders.read");
const canRefund = door.requirePermission("orders.refund");
const isAdmin = door.requireRole("admin");

const application = door.listener((request, response) => {
  // Node itself catches nothing: an error that is left over, such as a database that is down, would end the process.
  answer(request, response).catch((error) => {
    console.error(error);
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end("Something went wrong");
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const route = `${request.method} ${request.url?.split("?")[0]}`;
  const refund = /^POST \/orders\/(\d+)\/refund$/.exec(route);

  if (route === "GET /") {
    const principal = await door.authenticate(request);
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.end(`Hello, ${principal?.user.name ?? "stranger"}. Staff: /orders, /admin, /auth/account`);
  } else if (route === "GET /orders") {
    const principal = await canRead(request, response);
    if (principal === null) return; // The guard has answered.
    response.setHeader("content-type", "application/json");
    const orders = [{ id: 1001, what: "Teapot", state: "shipped" }];
    response.end(JSON.stringify({ for: principal.user.email, orders }));
  } else if (refund !== null) {
    const principal = await canRefund(request, response);
    if (principal === null) return;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ refunded: Number(refund[1]), by: principal.user.email }));
  } else if (route === "GET /admin") {
    const principal = await isAdmin(request, response);
    if (principal === null) return;
    response.setHeader("content-type", "text/plain; charset=utf-8");
    response.end(`Welcome to the back office, ${principal.user.name}`);
  } else {
    response.writeHead(404).end("Nothing here");
  }
}

createServer(application).listen(Number(process.env.PORT ?? 3000), () =>
  console.log(`Open ${config.publicUrl}/orders`),
);
