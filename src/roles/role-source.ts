import type { Policy } from "../access/live-policy.ts";
import { PosternError } from "../errors.ts";
import { BUILT_IN_ROLES, type RoleName } from "../model/role.ts";
import type { StoredRole } from "../model/stored-role.ts";
import type { Settings } from "../options.ts";

/** Where a role comes from. Only those of the database can be changed while the application runs. */
export type RoleSource = "built-in" | "configuration" | "database";

/** Where a role comes from; `null` = there is none of that name. The configuration wins over the database. */
export function sourceOf(
  { roles }: Pick<Settings, "roles">,
  { stored }: Pick<Policy, "stored">,
  name: RoleName,
): RoleSource | null {
  if (BUILT_IN_ROLES.some((role) => role === name)) return "built-in";
  if (Object.hasOwn(roles, name)) return "configuration";
  return stored.some((role) => role.name === name) ? "database" : null;
}

/** @throws PosternError `role_locked`, `role_exists` */
export function requireFree(
  settings: Pick<Settings, "roles">,
  policy: Pick<Policy, "stored">,
  name: RoleName,
): void {
  const source = sourceOf(settings, policy, name);
  if (source === "database") throw new PosternError("role_exists", `There is a role "${name}" already.`);
  if (source !== null) throw locked(name, source);
}

/** The role of that name, when the database has it. @throws PosternError `role_locked`, `unknown_role` */
export function requireUnlocked(
  settings: Pick<Settings, "roles">,
  policy: Pick<Policy, "stored" | "roles">,
  name: RoleName,
): StoredRole {
  const source = sourceOf(settings, policy, name);
  if (source !== null && source !== "database") throw locked(name, source);
  policy.roles.requireKnownRole(name);
  const role = policy.stored.find((one) => one.name === name);
  if (role === undefined) throw new PosternError("unknown_role", `There is no role "${name}".`);
  return role;
}

function locked(name: RoleName, source: Exclude<RoleSource, "database">): PosternError {
  const where = source === "built-in" ? "is built in" : "stands in the configuration, and is changed there";
  return new PosternError("role_locked", `The role "${name}" ${where}.`, { reason: source });
}
