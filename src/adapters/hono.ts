import type { Context, MiddlewareHandler } from "hono";
import {
  createPostern,
  type Guard,
  loadConfig,
  type PermissionOf,
  type Postern,
  type PosternOptions,
  type Principal,
  type PrincipalUser,
  type RoleOf,
} from "../index.ts";

/** What guards put into the context: `c.var.user`. */
export interface PosternVariables {
  readonly user: PrincipalUser;
}

/** A middleware after which `c.var.user` is there. */
export type HonoGuard = MiddlewareHandler<{ Variables: PosternVariables }>;

/** Postern for Hono, on any runtime that has Node's built-in modules. */
export interface HonoDoor<Role extends string = string, Permission extends string = string>
  extends Omit<
    Postern<Role, Permission>,
    "handle" | "authenticate" | "requireUser" | "requireRole" | "requirePermission"
  > {
  /** Everything under the mount path; use it once, at the root: `app.use(door.routes())`. */
  routes(): MiddlewareHandler;
  /** Who sends this request; `null` = nobody. For pages that everybody may see. */
  authenticate(context: Context): Promise<Principal | null>;
  requireUser(): HonoGuard;
  requireRole(...roles: readonly [Role, ...Role[]]): HonoGuard;
  requirePermission(permission: Permission): HonoGuard;
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
): Promise<HonoDoor<RoleOf<Options>, PermissionOf<Options>>>;
export async function postern(): Promise<HonoDoor>;
export async function postern(options?: PosternOptions): Promise<HonoDoor> {
  const core: Postern = await createPostern(options ?? (await loadConfig()));
  return {
    ...core,
    routes: () => routes(core),
    authenticate: (context) => core.authenticate({ headers: incomingHeaders(context) }),
    requireUser: () => middleware(core.requireUser()),
    requireRole: (...roles) => middleware(core.requireRole(...roles)),
    requirePermission: (permission) => middleware(core.requirePermission(permission)),
  };
}

/** What `@hono/node-server` puts beside the request: Node's own, whose headers cost nothing to read. */
interface NodeBindings {
  readonly incoming?: {
    readonly headers: Record<string, string | string[] | undefined>;
    readonly socket?: { readonly remoteAddress?: string };
  };
}

function routes(core: Postern): MiddlewareHandler {
  const { mountPath, publicUrl } = core;
  return async (context, next) => {
    if (!context.req.path.startsWith(mountPath)) return next();
    const { raw } = context.req;
    const url = new URL(raw.url);
    // The scheme and host of the request are what the last proxy made of them; ours are configured.
    const request =
      url.origin === publicUrl.origin ? raw : new Request(new URL(url.pathname + url.search, publicUrl), raw);
    const remoteAddress = (context.env as NodeBindings | undefined)?.incoming?.socket?.remoteAddress;
    const response = await core.handle(request, { remoteAddress });
    return response ?? next();
  };
}

function middleware(guard: Guard): HonoGuard {
  return async (context, next) => {
    const { method, url } = context.req;
    const result = await guard({ method, url, headers: incomingHeaders(context) });
    if (!result.admitted) return result.response;
    context.set("user", result.principal.user);
    context.header("cache-control", "private, no-store");
    return next();
  };
}

function incomingHeaders(context: Context): Headers | Record<string, string | string[] | undefined> {
  return (context.env as NodeBindings | undefined)?.incoming?.headers ?? context.req.raw.headers;
}
