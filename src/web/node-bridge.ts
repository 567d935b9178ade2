import type { IncomingMessage, ServerResponse } from "node:http";
import { isUnderPath } from "./mount-path.ts";
import { newRequest, type RequestBody } from "./new-request.ts";

/** A request of Node's server, whatever framework has handed it on. */
export type NodeRequest = IncomingMessage & {
  /** Express: the address before any router has cut off its mount path. */
  readonly originalUrl?: string;
  /** What a body parser has left behind when it came first. */
  readonly body?: unknown;
};

/** What answers web requests. */
interface WebHandler {
  readonly publicUrl: URL;
  handle(
    request: Request,
    connection: { readonly remoteAddress?: string | undefined },
  ): Promise<Response | null>;
}

/** The path and query of the request as they were sent; what precedes them in absolute form (RFC 9112 §3.2.2) is dropped. */
export function requestTarget(request: NodeRequest): string {
  const target = request.originalUrl ?? request.url ?? "/";
  if (target.startsWith("/")) return target;
  const url = URL.parse(target);
  return url === null ? "/" : url.pathname + url.search;
}

/** Whether the request may be for us. Most are the application's own, and must not pay for a web `Request`. */
export function isUnderMount(request: NodeRequest, mountPath: string): boolean {
  return isUnderPath(requestTarget(request), mountPath);
}

/** Answers one request by way of the web; false = not ours, nothing was sent, and the body is still to be read. */
export async function handleNodeRequest(
  door: WebHandler,
  request: NodeRequest,
  response: ServerResponse,
): Promise<boolean> {
  const { remoteAddress } = request.socket;
  const answer = await door.handle(toWebRequest(request, door.publicUrl.origin), { remoteAddress });
  if (answer === null) return false;
  await sendWebResponse(answer, response);
  return true;
}

/** The same request for the web. The origin is the given one: what the `Host` header says is never believed. */
function toWebRequest(request: NodeRequest, origin: string): Request {
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? "";
    // HTTP/2 has pseudo headers.
    if (!name.startsWith(":")) headers.append(name, request.rawHeaders[i + 1] ?? "");
  }
  return newRequest(origin + requestTarget(request), {
    method: request.method ?? "GET",
    headers,
    body: bodyOf(request),
  });
}

/** The body as it came, or put together again when a body parser of the application has already read it. */
function bodyOf(request: NodeRequest): RequestBody | null {
  if (!request.readableDidRead) return streamOf(request);
  const { body } = request;
  if (typeof body === "string" || body instanceof Uint8Array) return body as RequestBody;
  if (typeof body !== "object" || body === null) return null;
  return request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")
    ? formOf(body)
    : JSON.stringify(body);
}

/**
 * Reads when it is read and not before: Node throws away by itself what nobody has begun to read, and what is not
 * for us is the application's to read. `Readable.toWeb` begins at once.
 */
function streamOf(request: IncomingMessage): ReadableStream<Uint8Array> {
  const chunks = request.iterator({ destroyOnReturn: false });
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      // Who has read enough still wants to answer, so the connection stays and the rest goes nowhere. The iterator
      // must let go first: while it listens, nothing flows, and the next request on the connection would wait for ever.
      async cancel() {
        await chunks.return?.();
        request.resume();
      },
    },
    { highWaterMark: 0 },
  );
}

function formOf(body: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    for (const one of [value].flat()) form.append(name, String(one));
  }
  return form.toString();
}

/** Adds headers to what the application will answer; what an answer varies by is a list that others write into as well. */
export function addHeaders(
  to: ServerResponse,
  headers: readonly (readonly [name: string, value: string])[],
): void {
  for (const [name, value] of headers) {
    if (name === "vary") to.appendHeader(name, value);
    else to.setHeader(name, value);
  }
}

/** Sends a web `Response` through Node's server; cookies that the application has set already go with it. */
export async function sendWebResponse(response: Response, to: ServerResponse): Promise<void> {
  const body = response.body === null ? undefined : Buffer.from(await response.arrayBuffer());
  // A time-out of the application may have answered, or the browser has gone.
  if (to.headersSent || to.destroyed) return;
  to.statusCode = response.status;
  response.headers.forEach((value, name) => {
    if (name === "set-cookie") to.appendHeader(name, value);
    else to.setHeader(name, value);
  });
  to.end(body);
}
