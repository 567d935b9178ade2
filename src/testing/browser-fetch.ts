import { request } from "node:http";
import { text } from "node:stream/consumers";

/** One request, written by hand. */
export interface BrowserRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What stands in the request line, when it is not the path and query of the address. */
  readonly target?: string;
}

/** Sends exactly the headers it is given, as a browser would (the built-in `fetch` writes Fetch Metadata of its own). */
export function browserFetch(
  url: URL | string,
  { method = "GET", headers = {}, body, target }: BrowserRequest = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const path = target === undefined ? {} : { path: target };
    const options = { method, headers: { ...headers, ...lengthOf(body) }, ...path };
    const outgoing = request(url, options, (incoming) => {
      const received = new Headers();
      for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
        received.append(incoming.rawHeaders[i] ?? "", incoming.rawHeaders[i + 1] ?? "");
      }
      const status = incoming.statusCode ?? 0;
      text(incoming).then((content) => {
        resolve(
          new Response(status === 204 || status === 304 ? null : content, { status, headers: received }),
        );
      }, reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function lengthOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
}
