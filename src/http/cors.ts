import type { Settings } from "../options.ts";
import type { Runtime } from "../runtime.ts";
import { header, type RequestHead } from "../web/headers.ts";
import type { Route } from "./routes.ts";

/** Every method that a fetch may use; who may do what is for the guards to say. */
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE = "600";
const TOKENS = /^[!#$%&'*+\-.^_`|~0-9A-Za-z, \t]*$/;

/** Lets a front end of `allowedOrigins` read the answer, with the session cookie (Fetch §3.2). Exact origins only. */
export function withCors(
  { settings }: Pick<Runtime, "settings">,
  request: RequestHead,
  response: Response,
): Response {
  response.headers.append("vary", "Origin");
  const origin = listedOrigin(settings, request);
  if (origin === null) return response;
  for (const [name, value] of readableBy(origin)) response.headers.set(name, value);
  // Readable by script of that origin, and by nobody else.
  response.headers.set("cross-origin-resource-policy", "cross-origin");
  return response;
}

/** Answers a preflight: what the rows of this path allow to the origins that are listed. */
export function answerPreflight(
  runtime: Pick<Runtime, "settings">,
  rows: readonly Route[],
  request: RequestHead,
): Response {
  const methods = rows.map(({ method }) => method).join(", ");
  return preflight(runtime, request, methods, "content-type, x-postern-request");
}

/** The same for a route of the application: any method, and the headers that are asked for. */
export function answerGuardedPreflight(runtime: Pick<Runtime, "settings">, request: RequestHead): Response {
  const wanted = header(request.headers, "access-control-request-headers") ?? "";
  return preflight(runtime, request, METHODS, TOKENS.test(wanted) ? wanted : "");
}

/** Whether a browser asks if it may ask (Fetch §4.8). It brings no cookie, so there is nobody to be let in. */
export function isPreflight({ method, headers }: RequestHead): boolean {
  return (
    method === "OPTIONS" &&
    header(headers, "origin") !== null &&
    header(headers, "access-control-request-method") !== null
  );
}

function preflight(
  runtime: Pick<Runtime, "settings">,
  request: RequestHead,
  methods: string,
  names: string,
): Response {
  const response = withCors(runtime, request, new Response(null, { status: 204 }));
  if (!response.headers.has("access-control-allow-origin")) return response;
  response.headers.set("access-control-allow-methods", methods);
  if (names !== "") response.headers.set("access-control-allow-headers", names);
  response.headers.set("access-control-max-age", MAX_AGE);
  return response;
}

/** The origin of the request when it is a front end's that is listed; `null` for every other. */
export function listedOrigin(
  { allowedOrigins }: Pick<Settings, "allowedOrigins">,
  { headers }: RequestHead,
): string | null {
  const origin = header(headers, "origin");
  return origin !== null && allowedOrigins.includes(origin) ? origin : null;
}

/** The headers by which script of that origin may read an answer that depends on the session. */
export function readableBy(origin: string): readonly (readonly [string, string])[] {
  return [
    ["access-control-allow-origin", origin],
    ["access-control-allow-credentials", "true"],
  ];
}
