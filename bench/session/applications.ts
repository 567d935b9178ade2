import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import type { HonoDoor } from "../../src/adapters/hono.ts";
import type { PosternOptions } from "../../src/index.ts";
import { oidc } from "../../src/providers/oidc.ts";

export const SITE = "http://localhost:3000";

/** As far as the benchmark needs a Hono application. */
export type Application = Pick<Hono, "fetch">;

/** Answers one request that carries this session secret; resolves when the answer is complete. */
export type Serve = (secret: string) => unknown;

/** What everything here is measured with. No provider is ever asked. */
export function optionsFor(database: string): PosternOptions {
  return {
    publicUrl: SITE,
    secret: "only-for-the-benchmark-0123456789-abcdefgh",
    database,
    providers: [
      oidc({ id: "corp", name: "Corp", issuer: "http://localhost:3001", clientId: "x", clientSecret: "x" }),
    ],
    access: [{ when: { provider: "corp" }, then: "allow" }],
    autoMigrate: true,
  };
}

/** One route, and nobody at the door. */
export function bareApplication(): Application {
  return new Hono().get("/orders", (c) => c.text("orders"));
}

/** With `requireUser` in front. */
export function guardedApplication(door: HonoDoor): Application {
  const app = new Hono();
  app.get("/orders", door.requireUser(), (c) => c.text("orders"));
  return app;
}

/** Calls the application as `@hono/node-server` does: a web request, and Node's headers beside it. */
export function callFetch(app: Application): Serve {
  return (secret) =>
    app.fetch(new Request(`${SITE}/orders`), {
      incoming: { headers: { ...HEADERS, cookie: cookies(secret) } },
    });
}

/** All that happens between Node's HTTP parser and its socket: headers are parsed, the answer is written out. */
export function callListener(app: Application): Serve {
  const listener = getRequestListener(app.fetch);
  const socket = new Socket();
  return async (secret) => {
    const incoming = new IncomingMessage(socket);
    incoming.method = "GET";
    incoming.url = "/orders";
    addHeaderLines(incoming, [...HEADER_LINES, "cookie", cookies(secret)]);
    incoming.complete = true;
    await listener(incoming, new UnconnectedResponse(incoming));
  };
}

/** What a browser sends along with a navigation. */
const HEADERS = {
  host: "localhost:3000",
  connection: "keep-alive",
  "upgrade-insecure-requests": "1",
  "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
  accept: "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
  "sec-fetch-site": "same-origin",
  "sec-fetch-mode": "navigate",
  "sec-fetch-dest": "document",
  "accept-encoding": "gzip, deflate, br, zstd",
  "accept-language": "en-GB,en;q=0.9,zh-CN;q=0.8",
};
const HEADER_LINES = Object.entries(HEADERS).flat();

function cookies(secret: string): string {
  return `postern-locale=en; postern=${secret}; postern-last-provider=corp`;
}

/** What Node's parser calls; there is no public way to make a message with headers. */
function addHeaderLines(message: IncomingMessage, lines: readonly string[]): void {
  const { _addHeaderLines } = message as unknown as {
    _addHeaderLines(lines: readonly string[], count: number): void;
  };
  _addHeaderLines.call(message, lines, lines.length);
}

/** Keeps its status to look at, and writes nowhere. */
class UnconnectedResponse extends ServerResponse {
  override end(): this {
    if (this.statusCode !== 200) throw new Error(`The application answered ${this.statusCode}.`);
    return this;
  }
}
