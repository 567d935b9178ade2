import { Hono } from "hono";
import { PosternError } from "../errors.ts";
import type { PrincipalUser } from "../model/principal.ts";
import type { Runtime } from "../runtime.ts";
import { isUnderPath } from "../web/mount-path.ts";
import { requestOrigin } from "../web/same-origin.ts";
import { refuseScraper } from "./admit-scraper.ts";
import type { Connection } from "./call.ts";
import { answerPreflight, withCors } from "./cors.ts";
import { countCall, countPerson } from "./count-calls.ts";
import { CrossOriginError } from "./cross-origin-error.ts";
import { answerError } from "./error-answer.ts";
import { readCall } from "./read-call.ts";
import { ROUTES, type Route } from "./routes.ts";
import { secured } from "./secured.ts";
import { signInFirst } from "./sign-in-first.ts";

/** Answers requests under the mount path; `null` = not ours. */
export type Router = (request: Request, connection?: Connection) => Promise<Response | null>;

type Environment = { Bindings: { connection: Connection } };

/** Builds the doors from the table. Closed by default: what has no row is not found. */
export function createRouter(runtime: Runtime): Router {
  const { mountPath } = runtime.settings;
  const app = new Hono<Environment>();

  for (const route of ROUTES) {
    app.on([route.method], atMount(mountPath, route.path), (context) =>
      serve(runtime, route, context.req.raw, context.req.param(), context.env.connection),
    );
  }
  for (const path of new Set(ROUTES.map((route) => route.path))) {
    const rows = ROUTES.filter((route) => route.path === path);
    app.all(atMount(mountPath, path), (context) =>
      otherMethod(runtime, rows, context.req.raw, context.env.connection),
    );
  }
  app.notFound((context) => {
    const call = readCall(runtime, context.req.raw, {}, context.env.connection);
    return answerError(call, "page", new PosternError("not_found", "There is no such door."));
  });

  return async (request, connection = {}) => {
    const { pathname } = new URL(request.url);
    if (!isUnderPath(pathname, mountPath)) return null;
    const response = secured(runtime, await app.fetch(request, { connection }));
    // Whoever asks again is to find another instance.
    if (runtime.operation.gate.state !== "open") response.headers.set("connection", "close");
    return response;
  };
}

function atMount(mountPath: string, path: string): string {
  return path === "/" ? mountPath : mountPath + path;
}

/** One request at one door: origin, then how often, then who, then the handler; whatever is thrown becomes an answer. */
async function serve(
  runtime: Runtime,
  route: Route,
  request: Request,
  params: Readonly<Record<string, string>>,
  connection: Connection,
): Promise<Response> {
  const call = readCall(runtime, request, params, connection);
  let user: PrincipalUser | null = null;
  const answer = async (): Promise<Response> => {
    refuseCrossOrigin(runtime, route, request);
    refuseControlCharacters(params);
    countCall(route, call);
    if (route.who === "anyone") return route.handler(call);
    if (route.who === "scraper") return refuseScraper(call) ?? route.handler(call);
    const self = await call.principal();
    if (self === null) return signInFirst(call);
    user = self.user;
    countPerson(route, { ...call, self });
    return route.handler({ ...call, self });
  };
  const inside = route.whileClosing ? answer : () => within(runtime, answer);
  const response = await inside().catch((error: unknown) => answerError(call, route.answers, error, user));
  return route.cors ? withCors(runtime, request, response) : response;
}

/** The store is let go of only when nobody is inside any more. @throws PosternError `shutting_down` */
async function within({ operation }: Runtime, answer: () => Promise<Response>): Promise<Response> {
  if (!operation.gate.enter()) throw new PosternError("shutting_down", "This instance is being closed.");
  try {
    return await answer();
  } finally {
    operation.gate.leave();
  }
}

/** The invariant of every door that changes something. @throws PosternError `cross_origin` */
function refuseCrossOrigin(runtime: Runtime, route: Route, request: Request): void {
  if (route.method === "GET" || route.crossOrigin !== undefined) return;
  const { publicUrl, allowedOrigins } = runtime.settings;
  const origin = requestOrigin(request, publicUrl.origin, route.cors ? allowedOrigins : []);
  if (origin === "cross") throw new CrossOriginError(request, publicUrl.origin);
}

/** No name of ours holds one, and a database may not even take it as a question. @throws PosternError `not_found` */
function refuseControlCharacters(params: Readonly<Record<string, string>>): void {
  if (Object.values(params).some((name) => /\p{Cc}/u.test(name)))
    throw new PosternError("not_found", "A name in the path holds control characters.");
}

/** The path is known, the method is not. */
async function otherMethod(
  runtime: Runtime,
  rows: readonly Route[],
  request: Request,
  connection: Connection,
): Promise<Response> {
  if (request.method === "OPTIONS" && rows.some(({ cors }) => cors))
    return answerPreflight(runtime, rows, request);
  const call = readCall(runtime, request, {}, connection);
  const error = new PosternError("method_not_allowed", `${request.method} is not known here.`);
  const response = await answerError(call, rows[0]?.answers ?? "page", error);
  response.headers.set("allow", rows.map(({ method }) => method).join(", "));
  return response;
}
