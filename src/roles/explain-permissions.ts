import { PosternError } from "../errors.ts";
import type { Permission, RoleGrant, RoleName } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";

/** Whether somebody has a permission, and why. */
export interface PermissionExplanation {
  readonly permission: Permission;
  /** Every grant that gives it; empty = they have it not. */
  readonly by: readonly PermissionSource[];
  /** The roles that would give it. */
  readonly roles: readonly RoleName[];
}

/** A grant that gives a permission: with source, reason and end. */
export interface PermissionSource {
  readonly grant: RoleGrant;
  /** The role whose permissions hold it: the one that was given, or one that it includes. */
  readonly through: RoleName;
}

/**
 * Tells of every registered permission, or of one, by which grants somebody has it. It tells what they may do once they
 * are in, not whether they may come in.
 * @throws PosternError `user_not_found`, `unknown_permission`
 */
export async function explainPermissions(
  { store, policy }: Pick<Runtime, "store" | "policy">,
  userId: string,
  only?: Permission,
): Promise<readonly PermissionExplanation[]> {
  const { roles: catalogue } = await policy.latest();
  if (only !== undefined) catalogue.requireKnownPermission(only);
  if ((await store.users.get(userId)) === null)
    throw new PosternError("user_not_found", `There is no user "${userId}".`);
  const grants = await store.grants.ofUser(userId);
  return (only === undefined ? catalogue.permissions : [only]).map((permission) => ({
    permission,
    by: grants.flatMap((grant) => {
      const through = catalogue.givingRole(grant.role, permission);
      return through === null ? [] : [{ grant, through }];
    }),
    roles: catalogue.roles.filter((role) => catalogue.givingRole(role, permission) !== null),
  }));
}
