import { createPostern, type Guard, loadConfig, type Postern, type PosternOptions } from "./index.ts";
import type { Principal } from "./model/principal.ts";
import type { HeaderSource } from "./web/headers.ts";

/** What a framework says in its own words instead. */
type FrameworkFree = "handle" | "authenticate" | "requireUser" | "requireRole" | "requirePermission" | "cors";

/**
 * Postern in the shape of a framework: `Incoming` is what its handlers are given, `Middleware` what it calls a guard.
 * An adapter adds how its routes are mounted and how headers are added, and nothing else.
 */
export interface Door<Role extends string, Permission extends string, Incoming, Middleware>
  extends Omit<Postern<Role, Permission>, FrameworkFree> {
  /** Who sends this request; `null` = nobody. For pages that everybody may see. @throws PosternError `store_unavailable` */
  authenticate(incoming: Incoming): Promise<Principal | null>;
  /** Lets pass whoever is signed in and holds a role. */
  requireUser(): Middleware;
  /** Lets pass whoever holds one of the roles, or a role that includes one. @throws PosternError `unknown_role` at once */
  requireRole(...roles: readonly [Role, ...Role[]]): Middleware;
  /** Lets pass whoever has the permission. @throws PosternError `unknown_permission` at once */
  requirePermission(permission: Permission): Middleware;
}

/** What an adapter knows about its framework. */
export interface Framework<Incoming, Middleware> {
  headersOf(incoming: Incoming): HeaderSource;
  middleware(guard: Guard): Middleware;
}

/** Opens the core that an adapter stands on; without options it reads `postern.config.ts`. */
export async function openCore(options: PosternOptions | undefined): Promise<Postern> {
  return createPostern(options ?? (await loadConfig()));
}

/** The core in the framework's words, but for its routes. */
export function doorOf<Incoming, Middleware>(
  core: Postern,
  { headersOf, middleware }: Framework<Incoming, Middleware>,
): Door<string, string, Incoming, Middleware> {
  const { handle: _, cors: __, ...rest } = core;
  return {
    ...rest,
    authenticate: (incoming) => core.authenticate({ headers: headersOf(incoming) }),
    requireUser: () => middleware(core.requireUser()),
    requireRole: (...roles) => middleware(core.requireRole(...roles)),
    requirePermission: (permission) => middleware(core.requirePermission(permission)),
  };
}
