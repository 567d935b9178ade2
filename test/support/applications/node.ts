import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type NodeDoor, postern } from "../../../src/adapters/node.ts";
import type { StartApplication } from "../../../src/testing/adapter-suite.ts";

/** A handler that is only called for whom the guard lets pass. */
type Handler = (
  request: IncomingMessage & { body?: string },
  response: ServerResponse,
  name: string | null,
) => unknown;

/** The application of the adapter suite, written on Node's server alone. */
export const nodeApplication: StartApplication = async ({ options, prefix, bodyParserFirst }) => {
  const door = await postern(options);
  const routes = routesOf(door);
  const cors = door.cors({ exposeHeaders: ["x-application"] });
  const nothingHere = guarded(door.requireUser(), (_, response) =>
    response.writeHead(404).end("nothing here"),
  );
  const listener = door.listener(async (request: IncomingMessage, response) => {
    try {
      if (!(await cors(request, response))) return;
      const [path = ""] = (request.url ?? "").split("?", 1);
      const route =
        routes[`${request.method === "HEAD" ? "GET" : request.method} ${path.slice(prefix.length)}`];
      if (path.slice(prefix.length) === "/authentic") await echo(request, response);
      else await (route ?? nothingHere)(request, response);
    } catch (error) {
      response.writeHead(500).end(`handled: ${error instanceof Error ? error.message : error}`);
    }
  });
  return { listener: behindMiddleware(listener, bodyParserFirst), door };
};

function routesOf(door: NodeDoor): Readonly<Record<string, RequestListener>> {
  return {
    "GET /": async (request, response) => {
      const principal = await door.authenticate(request);
      response.end(`Hello, ${principal?.user.name ?? "stranger"}`);
    },
    "GET /orders": async (request, response) => {
      const principal = await door.requireUser()(request, response);
      if (principal === null) return;
      response.setHeader("x-application", "orders");
      response.appendHeader("set-cookie", ["seen=1", "tab=2"]);
      response.end(JSON.stringify(principal.user));
    },
    "POST /orders": guarded(door.requireUser(), echoBody),
    "POST /orders/42/refund": guarded(door.requirePermission("orders.refund"), (_, response) =>
      response.end("refunded"),
    ),
    "GET /admin": guarded(door.requireRole("admin"), (_, response, name) => response.end(`Welcome, ${name}`)),
    "GET /payroll": guarded(door.requireUser({ freshWithin: "10m" }), (_, response) =>
      response.end("payroll"),
    ),
    "GET /logo": guarded(door.requireUser(), (_, response) =>
      response.setHeader("cache-control", "private, max-age=60").end("logo"),
    ),
    "GET /bare": guarded(door.requireUser(), (_, response) => response.writeHead(200).end("bare")),
    "GET /broken": guarded(door.requireUser(), () => {
      throw new Error("broken");
    }),
  };
}

function guarded(guard: ReturnType<NodeDoor["requireUser"]>, handler: Handler) {
  return async (request: IncomingMessage, response: ServerResponse) => {
    const principal = await guard(request, response);
    if (principal !== null) await handler(request, response, principal.user.name);
  };
}

async function echoBody(
  request: IncomingMessage & { body?: string },
  response: ServerResponse,
): Promise<void> {
  response.end(request.body ?? (await text(request)));
}

async function echo(request: IncomingMessage & { body?: string }, response: ServerResponse): Promise<void> {
  response.end(`${request.method} ${request.body ?? (await text(request))}`);
}

/** What stands before everything: a cookie, and whoever reads bodies so early that it leaves them as text. */
function behindMiddleware(listener: RequestListener, bodyParserFirst: boolean): RequestListener {
  return async (request: IncomingMessage & { body?: string }, response) => {
    response.appendHeader("set-cookie", "visit=1");
    if (bodyParserFirst && request.headers["content-type"] !== undefined) request.body = await text(request);
    listener(request, response);
  };
}
