import { once } from "node:events";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { selfSigned } from "./self-signed.ts";

/** The proxy that ends https in front of an application, as almost everywhere. */
export interface HttpsFront {
  /** `https://127.0.0.1:<port>`, known before there is an application. */
  readonly url: string;
  /** Where requests go from now on. */
  leadTo(application: string): void;
  close(): Promise<void>;
}

/** Starts one on a port that the system picks. Host and body go on as they come. */
export async function startHttpsFront(): Promise<HttpsFront> {
  let target = "http://127.0.0.1";
  const server = createServer(selfSigned("127.0.0.1"), (incoming, response) => {
    const { method = "GET", headers, url = "/" } = incoming;
    const outgoing = request(new URL(url, target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      pipeline(answer, response, () => {});
    });
    outgoing.on("error", () => response.destroy());
    pipeline(incoming, outgoing, () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(application) {
      target = application;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
