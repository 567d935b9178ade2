import { request } from "node:http";
import { text } from "node:stream/consumers";

export interface BrowserRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends exactly the headers it is given, as a browser would (the built-in `fetch` writes Fetch Metadata of its own). */
export function browserFetch(
  url: URL | string,
  { method = "GET", headers = {}, body }: BrowserRequest = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: { ...headers, ...lengthOf(body) } }, (incoming) => {
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
