import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What one side of an exchange said. */
export interface Said {
  /** As they stood on the wire, one after the other. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A request and its answer, as they went over the wire. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly asked: Said;
  readonly status: number;
  readonly answered: Said;
}

/** Stands in front of a server, hears everything, and can answer in its place. */
export interface Wiretap {
  /** What everybody takes for the server's address: `http://localhost:…`. */
  readonly url: string;
  /** What was asked, and what the server has answered, changed afterwards or not. */
  readonly exchanges: readonly Exchange[];
  /** Where the server really is. Before that nobody is there. */
  leadTo(url: string): void;
  /** Changes the next answer to a request of this path. */
  tamperOnce(path: string, change: Tampering): void;
  /** Paths whose next answer is still to be changed. */
  readonly tampersWith: readonly string[];
  close(): Promise<void>;
}

/** Makes another answer out of the server's. */
export type Tampering = (exchange: Exchange) => Partial<Pick<Exchange, "status" | "answered">>;

/** Listens on a port that the system picks. */
export async function startWiretap(): Promise<Wiretap> {
  const exchanges: Exchange[] = [];
  const tampering = new Map<string, Tampering>();
  let server = "";
  const tap = createServer(async (incoming, outgoing) => {
    const heard = await forward(server, incoming);
    const path = heard.target.replace(/\?.*/s, "");
    exchanges.push(heard);
    const { status, answered } = { ...heard, ...tampering.get(path)?.(heard) };
    tampering.delete(path);
    const body = Buffer.from(answered.body, "latin1");
    const length = ["content-length", String(body.byteLength)] as const;
    outgoing.writeHead(status, [...answered.headers, ...(status === 304 ? [] : [length])].flat()).end(body);
  });
  await once(tap.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://localhost:${(tap.address() as AddressInfo).port}`,
    exchanges,
    leadTo: (url) => {
      server = url;
    },
    tamperOnce: (path, change) => void tampering.set(path, change),
    get tampersWith() {
      return [...tampering.keys()];
    },
    async close() {
      tap.closeAllConnections();
      await new Promise((resolve) => tap.close(resolve));
    },
  };
}

/** What is about this connection and no other, and what would make a body illegible. */
const NOT_PASSED_ON = ["connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"];

/** Asks the server the same; bodies are bytes, one character each. */
async function forward(server: string, incoming: IncomingMessage): Promise<Exchange> {
  const { method = "", url: target = "" } = incoming;
  const sent = await buffer(incoming);
  const headers = headersOf(incoming);
  const outgoing = request(server, { method, path: target, headers: headers.flat() });
  outgoing.end(sent);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  return {
    method,
    target,
    asked: { headers, body: sent.toString("latin1") },
    status: answer.statusCode ?? 0,
    answered: { headers: headersOf(answer), body: (await buffer(answer)).toString("latin1") },
  };
}

function headersOf({ rawHeaders }: IncomingMessage): Said["headers"] {
  return rawHeaders
    .flatMap((name, at) => (at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ""] as const] : []))
    .filter(([name]) => !NOT_PASSED_ON.includes(name));
}
