import { lockRank } from "../access/actor-rights.ts";
import type { Policy } from "../access/live-policy.ts";
import { PosternError } from "../errors.ts";
import type { Permission } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";

/**
 * Refuses a user who may not make or change roles, or not one with these permissions. Owners may do anything;
 * administrators may combine what some role gives already. A permission that no role gives is the owners' alone, and
 * stays so until one of them hands it out.
 * @throws PosternError `permission_denied`
 */
export async function requireMayShapeRoles(
  tx: Pick<StoreTransaction, "users" | "grants">,
  actor: string,
  { roles }: Pick<Policy, "roles">,
  added: readonly Permission[],
): Promise<void> {
  const rank = await lockRank(tx, actor);
  if (rank === null) throw new PosternError("permission_denied", `"${actor}" may not change roles.`);
  if (rank === "owner") return;
  const given = new Set(roles.permissionsOf(roles.roles.filter((role) => role !== "owner")));
  const beyond = added.filter((permission) => !given.has(permission));
  if (beyond.length === 0) return;
  throw new PosternError(
    "permission_denied",
    `No role gives ${beyond.join(", ")} yet: only an owner may put that into one.`,
  );
}
