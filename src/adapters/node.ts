import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import {
  createPostern,
  type Guard,
  loadConfig,
  type PermissionOf,
  type Postern,
  type PosternOptions,
  type Principal,
  type RoleOf,
} from "../index.ts";
import { handleNodeRequest, requestTarget, sendWebResponse } from "../web/node-bridge.ts";

/** Answers who may pass, or `null` after it has sent the answer itself. */
export type NodeGuard = (request: IncomingMessage, response: ServerResponse) => Promise<Principal | null>;

/** Postern for `node:http`. */
export interface NodeDoor<Role extends string = string, Permission extends string = string>
  extends Omit<
    Postern<Role, Permission>,
    "handle" | "authenticate" | "requireUser" | "requireRole" | "requirePermission"
  > {
  /** Puts Postern's own pages in front of the application's listener. */
  listener(application: RequestListener): RequestListener;
  /** Who sends this request; `null` = nobody. For pages that everybody may see. */
  authenticate(request: Pick<IncomingMessage, "headers">): Promise<Principal | null>;
  requireUser(): NodeGuard;
  requireRole(...roles: readonly [Role, ...Role[]]): NodeGuard;
  requirePermission(permission: Permission): NodeGuard;
}

/**
 * Opens Postern for a plain Node server; without options it reads `postern.config.ts`.
 *
 * @example
 * const door = await postern();
 * const admins = door.requireRole("admin");
 * createServer(door.listener(async (req, res) => {
 *   const principal = await admins(req, res);
 *   if (principal !== null) res.end(`Welcome, ${principal.user.name}`);
 * })).listen(3000);
 *
 * @throws ConfigError, PosternError `store_unavailable`, `migrations_pending`
 */
export async function postern<const Options extends PosternOptions>(
  options: Options,
): Promise<NodeDoor<RoleOf<Options>, PermissionOf<Options>>>;
export async function postern(): Promise<NodeDoor>;
export async function postern(options?: PosternOptions): Promise<NodeDoor> {
  const core: Postern = await createPostern(options ?? (await loadConfig()));
  return {
    ...core,
    listener: (application) => listener(core, application),
    requireUser: () => nodeGuard(core.requireUser()),
    requireRole: (...roles) => nodeGuard(core.requireRole(...roles)),
    requirePermission: (permission) => nodeGuard(core.requirePermission(permission)),
  };
}

function listener(core: Postern, application: RequestListener): RequestListener {
  return async (request, response) => {
    // Most requests are the application's own: they must not pay for a web Request.
    if (!requestTarget(request).startsWith(core.mountPath)) return application(request, response);
    if (!(await handleNodeRequest(core, request, response))) application(request, response);
  };
}

function nodeGuard(guard: Guard): NodeGuard {
  return async (request, response) => {
    const result = await guard({
      method: request.method,
      url: requestTarget(request),
      headers: request.headers,
    });
    if (!result.admitted) {
      await sendWebResponse(result.response, response);
      return null;
    }
    response.setHeader("cache-control", "private, no-store");
    return result.principal;
  };
}
