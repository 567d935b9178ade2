import type { Runtime } from "../runtime.ts";
import type { Route } from "./routes.ts";

/** Lets a front end of `allowedOrigins` read the answer, with the session cookie (Fetch §3.2). Exact origins only. */
export function withCors(runtime: Pick<Runtime, "settings">, request: Request, response: Response): Response {
  const origin = request.headers.get("origin");
  response.headers.append("vary", "Origin");
  if (origin === null || !runtime.settings.allowedOrigins.includes(origin)) return response;
  response.headers.set("access-control-allow-origin", origin);
  response.headers.set("access-control-allow-credentials", "true");
  // Readable by script of that origin, and by nobody else.
  response.headers.set("cross-origin-resource-policy", "cross-origin");
  return response;
}

/** Answers a preflight: what the rows of this path allow to the origins that are listed. */
export function answerPreflight(
  runtime: Pick<Runtime, "settings">,
  rows: readonly Route[],
  request: Request,
): Response {
  const response = withCors(runtime, request, new Response(null, { status: 204 }));
  if (!response.headers.has("access-control-allow-origin")) return response;
  response.headers.set("access-control-allow-methods", rows.map(({ method }) => method).join(", "));
  response.headers.set("access-control-allow-headers", "content-type, x-postern-request");
  response.headers.set("access-control-max-age", "600");
  return response;
}
