import type { Context, MiddlewareHandler, Next } from "hono";
import { type Door, doorOf, openCore, PRIVATE } from "../door.ts";
import type {
  Caller,
  Cors,
  CorsOptions,
  Guard,
  GuardResult,
  KeptProviderOf,
  PermissionOf,
  Postern,
  PosternOptions,
  PrincipalApiKey,
  PrincipalUser,
  RoleOf,
} from "../index.ts";
import type { HeaderSource } from "../web/headers.ts";
import { isUnderPath } from "../web/mount-path.ts";
import { newRequest, type RequestBody } from "../web/new-request.ts";

/** What guards put into the context: `c.var.user`. */
export interface PosternVariables {
  readonly user: PrincipalUser;
  /** Set when a machine asks, behind `requirePermission(…, { apiKeys: true })`. */
  readonly apiKey?: PrincipalApiKey | undefined;
}

/** A middleware after which `c.var.user` is there. */
export type HonoGuard = MiddlewareHandler<{ Variables: PosternVariables }>;

type GuardedContext = Context<{ Variables: PosternVariables }>;

/** Postern for Hono, on any runtime that has Node's built-in modules. */
export interface HonoDoor<
  Role extends string = string,
  Permission extends string = string,
  Kept extends string = string,
> extends Door<Role, Permission, Kept, Context, HonoGuard> {
  /** Everything under the mount path: `app.use(door.routes())`. */
  routes(): MiddlewareHandler;
  /**
   * For routes that front ends of `allowedOrigins` call: `app.use(door.cors())` in front of their guards. Answers
   * preflights, and lets script read what the routes answer.
   */
  cors(options?: CorsOptions): MiddlewareHandler;
}

/**
 * Opens Postern for a Hono application; without options it reads `postern.config.ts`.
 *
 * @example
 * const door = await postern();
 * app.use(door.routes());
 * app.get("/admin", door.requireRole("admin"), (c) => c.text(`Welcome, ${c.var.user.name}`));
 *
 * @throws ConfigError, PosternError `store_unavailable`, `migrations_pending`
 */
export async function postern<const Options extends PosternOptions>(
  options: Options,
): Promise<HonoDoor<RoleOf<Options>, PermissionOf<Options>, KeptProviderOf<Options>>>;
export async function postern(): Promise<HonoDoor>;
export async function postern(options?: PosternOptions): Promise<HonoDoor> {
  const core = await openCore(options);
  return {
    ...doorOf(core, { headersOf: incomingHeaders, middleware, keyMiddleware: middleware }),
    routes: () => routes(core),
    cors: (options) => cors(core.cors(options)),
  };
}

function routes(core: Postern): MiddlewareHandler {
  // Not `async`: every request of the application passes here.
  return (context, next) =>
    isUnderPath(context.req.path, core.mountPath) ? answer(core, context, next) : next();
}

async function answer(core: Postern, context: Context, next: Next): ReturnType<MiddlewareHandler> {
  const { req } = context;
  const { pathname, search } = new URL(req.url);
  // `/auth/../orders` has become the application's own; its body must not be touched.
  if (!isUnderPath(pathname, core.mountPath)) return next();
  // The scheme and host of the request are what the last proxy made of them; ours are configured.
  const request = newRequest(core.publicUrl.origin + pathname + search, {
    method: req.method,
    headers: req.raw.headers,
    body: await bodyOf(context),
  });
  const response = await core.handle(request, {
    remoteAddress: ofNode(context)?.incoming.socket?.remoteAddress,
  });
  return response === null ? next() : context.newResponse(response.body, response);
}

/** The body as it came, or put together again when a middleware of the application has already read it. */
async function bodyOf({ req }: Context): Promise<RequestBody | null> {
  if (req.method === "GET" || req.method === "HEAD" || !req.raw.bodyUsed) return req.raw.body;
  const form = req.header("content-type")?.startsWith("application/x-www-form-urlencoded");
  if (!form) return req.arrayBuffer();
  const fields = new URLSearchParams();
  for (const [name, value] of await req.formData()) fields.append(name, String(value));
  return fields.toString();
}

function cors(check: Cors): MiddlewareHandler {
  return async (context, next) => {
    const { method, url } = context.req;
    const { headers, preflight } = check({ method, url, headers: incomingHeaders(context) });
    if (preflight !== null) return context.newResponse(preflight.body, preflight);
    await next();
    // Afterwards, since Hono forgets prepared headers when a handler answers with a `Response` of its own making.
    for (const [name, value] of headers) context.header(name, value, { append: name === "vary" });
    return undefined;
  };
}

function middleware(guard: Guard<Caller>): HonoGuard {
  return (context, next) => {
    const { method, url } = context.req;
    const connection = ofNode(context)?.incoming.socket;
    const result = guard({ method, url, headers: incomingHeaders(context), connection });
    return result instanceof Promise
      ? result.then((late) => goOn(late, context, next))
      : goOn(result, context, next);
  };
}

function goOn(
  result: GuardResult<Caller>,
  context: GuardedContext,
  next: Next,
): ReturnType<MiddlewareHandler> {
  if (!result.admitted) return Promise.resolve(context.newResponse(result.response.body, result.response));
  const { user, apiKey } = result.principal;
  context.set("user", user);
  if (apiKey !== undefined) context.set("apiKey", apiKey);
  const outgoing = ofNode(context)?.outgoing;
  if (outgoing === undefined) return keptPrivate(context, next);
  // Not `context.header`, which makes a `Headers` for every answer and has it taken apart again. Somebody may have
  // answered past Hono meanwhile.
  if (!outgoing.headersSent) outgoing.setHeader("cache-control", PRIVATE);
  return next();
}

async function keptPrivate(context: Context, next: Next): Promise<void> {
  context.header("cache-control", PRIVATE);
  await next();
  // Hono forgets prepared headers when a handler answers with a `Response` of its own making.
  if (!context.res.headers.has("cache-control")) context.header("cache-control", PRIVATE);
}

function incomingHeaders(context: Context): HeaderSource {
  return ofNode(context)?.incoming.headers ?? context.req.raw.headers;
}

/** What `@hono/node-server` puts beside the request: Node's own, whose headers cost nothing to read and little to add. */
interface NodeBindings {
  readonly incoming: {
    readonly headers: Record<string, string | string[] | undefined>;
    readonly socket?: { readonly remoteAddress?: string };
  };
  readonly outgoing?: {
    readonly headersSent: boolean;
    setHeader(name: string, value: string): void;
  };
}

/** `undefined` on every other runtime. */
function ofNode({ env }: Context): NodeBindings | undefined {
  return env?.incoming === undefined ? undefined : env;
}
