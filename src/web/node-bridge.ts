import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** A request of Node's server, whatever framework has handed it on. */
export type NodeRequest = IncomingMessage & {
  /** Express: the address before any router has cut off its mount path. */
  readonly originalUrl?: string;
  /** What a body parser has left behind when it came first. */
  readonly body?: unknown;
};

/** The path and query of the request as the browser sent them. */
export function requestTarget(request: NodeRequest): string {
  return request.originalUrl ?? request.url ?? "/";
}

/**
 * The same request as a web `Request`. The origin is the given one: what the `Host` header says is never believed.
 * `null` for what the web knows no request for, such as the method TRACE.
 */
export function toWebRequest(request: NodeRequest, origin: string): Request | null {
  try {
    return convert(request, origin);
  } catch {
    return null;
  }
}

function convert(request: NodeRequest, origin: string): Request {
  const { method = "GET" } = request;
  const headers = new Headers();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i] ?? "";
    if (!name.startsWith(":")) headers.append(name, request.rawHeaders[i + 1] ?? "");
  }
  const cookie = request.headers.cookie;
  if (cookie !== undefined) headers.set("cookie", cookie);
  const url = new URL(originForm(requestTarget(request)), origin);
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers });
  return new Request(url, { method, headers, body: bodyOf(request), duplex: "half" } as RequestInit);
}

/** Absolute-form targets (RFC 9112 §3.2.2) lose their origin; a target that begins with two slashes stays a path. */
function originForm(target: string): string {
  if (target.startsWith("/")) return target.replace(/^\/+/, "/");
  const url = URL.parse(target);
  return url === null ? "/" : url.pathname + url.search;
}

/** The body as it came, or put together again when a body parser of the application has already read it. */
function bodyOf(request: NodeRequest): RequestInit["body"] {
  if (!request.readableDidRead) return Readable.toWeb(request) as ReadableStream;
  const { body } = request;
  if (typeof body === "string" || body instanceof Uint8Array) return body as string | Uint8Array<ArrayBuffer>;
  if (typeof body !== "object" || body === null) return null;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(body)) {
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, String(one));
  }
  return form.toString();
}

/** Answers one request by way of the web: false = not ours, nothing was sent. */
export async function handleNodeRequest(
  door: { readonly publicUrl: URL; handle(request: Request, connection: object): Promise<Response | null> },
  request: NodeRequest,
  response: ServerResponse,
): Promise<boolean> {
  const asked = toWebRequest(request, door.publicUrl.origin);
  if (asked === null) {
    response.writeHead(400).end();
    return true;
  }
  const answer = await door.handle(asked, { remoteAddress: request.socket.remoteAddress });
  if (answer !== null) await sendWebResponse(answer, response);
  return answer !== null;
}

/** Sends a web `Response` through Node's server. */
export async function sendWebResponse(response: Response, to: ServerResponse): Promise<void> {
  const cookies = response.headers.getSetCookie();
  const already = to.getHeader("set-cookie");
  response.headers.forEach((value, name) => {
    if (name !== "set-cookie") to.setHeader(name, value);
  });
  if (cookies.length > 0) {
    const before = already === undefined ? [] : [already].flat().map(String);
    to.setHeader("set-cookie", [...before, ...cookies]);
  }
  to.statusCode = response.status;
  to.end(response.body === null ? undefined : Buffer.from(await response.arrayBuffer()));
}
