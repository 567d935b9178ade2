import type { NextFunction, Request, RequestHandler, Response } from "express";
import {
  createPostern,
  type Guard,
  loadConfig,
  type PermissionOf,
  type Postern,
  type PosternOptions,
  type PrincipalUser,
  type RoleOf,
} from "../index.ts";
import { handleNodeRequest, requestTarget, sendWebResponse } from "../web/node-bridge.ts";

declare global {
  namespace Express {
    interface Request {
      /** Who asks. Set by `requireUser`, `requireRole` and `requirePermission`; without one of them there is no user. */
      user: PrincipalUser;
    }
  }
}

/** Postern for Express 5. */
export interface ExpressDoor<Role extends string = string, Permission extends string = string>
  extends Omit<
    Postern<Role, Permission>,
    "handle" | "authenticate" | "requireUser" | "requireRole" | "requirePermission"
  > {
  /** Everything under the mount path; use it once, at the root: `app.use(door.routes())`. */
  routes(): RequestHandler;
  /** Who sends this request; `null` = nobody. For pages that everybody may see. */
  authenticate(request: Pick<Request, "headers">): ReturnType<Postern["authenticate"]>;
  requireUser(): RequestHandler;
  requireRole(...roles: readonly [Role, ...Role[]]): RequestHandler;
  requirePermission(permission: Permission): RequestHandler;
}

/**
 * Opens Postern for an Express 5 application; without options it reads `postern.config.ts`.
 *
 * @example
 * const door = await postern();
 * app.use(door.routes());
 * app.get("/admin", door.requireRole("admin"), (req, res) => res.send(`Welcome, ${req.user.name}`));
 *
 * @throws ConfigError, PosternError `store_unavailable`, `migrations_pending`
 */
export async function postern<const Options extends PosternOptions>(
  options: Options,
): Promise<ExpressDoor<RoleOf<Options>, PermissionOf<Options>>>;
export async function postern(): Promise<ExpressDoor>;
export async function postern(options?: PosternOptions): Promise<ExpressDoor> {
  const core: Postern = await createPostern(options ?? (await loadConfig()));
  return {
    ...core,
    routes: () => routes(core),
    requireUser: () => middleware(core.requireUser()),
    requireRole: (...roles) => middleware(core.requireRole(...roles)),
    requirePermission: (permission) => middleware(core.requirePermission(permission)),
  };
}

function routes(core: Postern): RequestHandler {
  return async (req: Request, res: Response, next: NextFunction) => {
    // Most requests are the application's own: they must not pay for a web Request.
    if (!requestTarget(req).startsWith(core.mountPath)) return next();
    if (!(await handleNodeRequest(core, req, res))) next();
  };
}

function middleware(guard: Guard): RequestHandler {
  return async (req: Request, res: Response, next: NextFunction) => {
    const result = await guard({ method: req.method, url: req.originalUrl, headers: req.headers });
    if (!result.admitted) return sendWebResponse(result.response, res);
    req.user = result.principal.user;
    res.setHeader("cache-control", "private, no-store");
    next();
  };
}
