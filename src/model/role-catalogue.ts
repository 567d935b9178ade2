import { PosternError } from "../errors.ts";
import { nearest } from "../web/nearest.ts";
import { BUILT_IN_ROLES, effectiveRoles, type Permission, type RoleName } from "./role.ts";
import type { StoredRole } from "./stored-role.ts";

/** How many combinations of roles are remembered; an application has a handful. */
const MOST_COMBINATIONS = 1_000;

/** What somebody holds and may do, both sorted and frozen. */
export interface Rights {
  readonly roles: readonly RoleName[];
  readonly permissions: readonly Permission[];
}

/** The roles and permissions that exist: built in, from the application's code, and made by administrators. */
export interface RoleCatalogue {
  readonly roles: readonly RoleName[];
  /** All registered permissions, sorted. */
  readonly permissions: readonly Permission[];
  /** What somebody who holds these roles may do, sorted. Roles that no longer exist give nothing. */
  permissionsOf(held: readonly RoleName[]): readonly Permission[];
  /** The role by which whoever holds this one has the permission: itself, or one that it includes; `null` = they have it not. */
  givingRole(held: RoleName, permission: Permission): RoleName | null;
  /** The same objects for the same roles: thousands of cached sessions share them. */
  rightsOf(held: readonly RoleName[]): Rights;
  /** @throws PosternError `unknown_role`, with the nearest name */
  requireKnownRole(role: RoleName): void;
  /** @throws PosternError `unknown_permission`, with the nearest name */
  requireKnownPermission(permission: Permission): void;
}

/**
 * Builds the catalogue from `roles` of the options from the roles that administrators have made, and from the
 * permissions that are registered. Where a name is in
 * both, the options win; a permission that no code declares any more gives nothing.
 */
export function roleCatalogue(
  declared: Readonly<Record<RoleName, readonly Permission[]>>,
  stored: readonly Pick<StoredRole, "name" | "permissions">[] = [],
  registered: readonly Permission[] = [],
): RoleCatalogue {
  const permissions = [...new Set([...registered, ...Object.values(declared).flat()])].sort();
  const given = new Map<RoleName, readonly Permission[]>();
  for (const { name, permissions: wanted } of stored) {
    given.set(
      name,
      wanted.filter((permission) => permissions.includes(permission)),
    );
  }
  for (const [name, wanted] of Object.entries(declared)) given.set(name, wanted);
  const roles = [...new Set([...BUILT_IN_ROLES, ...Object.keys(declared), ...given.keys()])];

  const known = new Map<string, Rights>();

  function permissionsOf(held: readonly RoleName[]): readonly Permission[] {
    if (held.includes("owner")) return permissions;
    const allowed = new Set<Permission>();
    for (const role of effectiveRoles(held)) {
      for (const permission of given.get(role) ?? []) allowed.add(permission);
    }
    return [...allowed].sort();
  }

  return {
    roles,
    permissions,
    permissionsOf,
    givingRole(held, permission) {
      if (held === "owner") return permissions.includes(permission) ? "owner" : null;
      return [...effectiveRoles([held])].find((role) => given.get(role)?.includes(permission)) ?? null;
    },
    rightsOf(held) {
      const sorted = held.toSorted();
      const key = sorted.join("\0");
      const before = known.get(key);
      if (before !== undefined) return before;
      const rights = Object.freeze({
        roles: Object.freeze(sorted),
        permissions: Object.freeze([...permissionsOf(held)]),
      });
      if (known.size >= MOST_COMBINATIONS) known.clear();
      known.set(key, rights);
      return rights;
    },
    requireKnownRole(role) {
      if (!roles.includes(role)) throw unknown("unknown_role", "role", role, roles);
    },
    requireKnownPermission(permission) {
      if (!permissions.includes(permission))
        throw unknown("unknown_permission", "permission", permission, permissions);
    },
  };
}

function unknown(
  code: "unknown_role" | "unknown_permission",
  what: string,
  name: string,
  known: readonly string[],
): PosternError {
  const guess = nearest(name, known);
  const hint = guess === null ? `Known are: ${known.join(", ") || "none"}.` : `Did you mean "${guess}"?`;
  return new PosternError(code, `There is no ${what} "${name}". ${hint}`);
}
