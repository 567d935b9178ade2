import {
  createPostern,
  type Guard,
  type GuardOptions,
  type KeyGuardOptions,
  loadConfig,
  type PeopleGuardOptions,
  type Postern,
  type PosternOptions,
  type RoleArguments,
} from "./index.ts";
import type { Caller, Principal } from "./model/principal.ts";
import type { HeaderSource } from "./web/headers.ts";

/** What a framework says in its own words instead. */
type FrameworkFree = "handle" | "authenticate" | "requireUser" | "requireRole" | "requirePermission" | "cors";

/**
 * Postern in the shape of a framework: `Kept` are the providers whose tokens are kept, `Incoming` is what its handlers are given, `Middleware` what it calls a guard,
 * `KeyMiddleware` one that lets machines pass as well, where that makes a difference. An adapter adds how its routes are
 * mounted and how headers are added, and nothing else.
 */
export interface Door<
  Role extends string,
  Permission extends string,
  Kept extends string,
  Incoming,
  Middleware,
  KeyMiddleware = Middleware,
> extends Omit<Postern<Role, Permission, Kept>, FrameworkFree> {
  /** Who sends this request; `null` = nobody. For pages that everybody may see. @throws PosternError `store_unavailable` */
  authenticate(incoming: Incoming): Promise<Principal | null>;
  /** Lets pass whoever is signed in and holds a role. */
  requireUser(options?: GuardOptions): Middleware;
  /** Lets pass whoever holds one of the roles, or a role that includes one. @throws PosternError `unknown_role` at once */
  requireRole(...roles: RoleArguments<Role>): Middleware;
  /** Lets pass people who have the permission, and machines that show an API key with it (`Authorization: Bearer pst_…`). */
  requirePermission(permission: Permission, options: KeyGuardOptions): KeyMiddleware;
  /** Lets pass whoever has the permission. @throws PosternError `unknown_permission` at once */
  requirePermission(permission: Permission, options?: PeopleGuardOptions): Middleware;
}

/** `Cache-Control` of answers that depend on who asks: nothing may hand them to somebody else. A handler's own replaces it. */
export const PRIVATE = "private, no-store";

/** What an adapter knows about its framework. */
export interface Framework<Incoming, Middleware, KeyMiddleware> {
  headersOf(incoming: Incoming): HeaderSource;
  middleware(guard: Guard): Middleware;
  keyMiddleware(guard: Guard<Caller>): KeyMiddleware;
}

/** Opens the core that an adapter stands on; without options it reads `postern.config.ts`. */
export async function openCore(options: PosternOptions | undefined): Promise<Postern> {
  return createPostern(options ?? (await loadConfig()));
}

/** The core in the framework's words, but for its routes. */
export function doorOf<Incoming, Middleware, KeyMiddleware>(
  core: Postern,
  { headersOf, middleware, keyMiddleware }: Framework<Incoming, Middleware, KeyMiddleware>,
): Door<string, string, string, Incoming, Middleware, KeyMiddleware> {
  const { handle: _, cors: __, ...rest } = core;
  function requirePermission(permission: string, options: KeyGuardOptions): KeyMiddleware;
  function requirePermission(permission: string, options?: PeopleGuardOptions): Middleware;
  function requirePermission(
    permission: string,
    options?: PeopleGuardOptions | KeyGuardOptions,
  ): Middleware | KeyMiddleware {
    return options?.apiKeys === true
      ? keyMiddleware(core.requirePermission(permission, options))
      : middleware(core.requirePermission(permission, options));
  }
  return {
    ...rest,
    authenticate: (incoming) => core.authenticate({ headers: headersOf(incoming) }),
    requireUser: (options) => middleware(core.requireUser(options)),
    requireRole: (...roles) => middleware(core.requireRole(...roles)),
    requirePermission,
  };
}
