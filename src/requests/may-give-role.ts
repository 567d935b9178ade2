import { PosternError } from "../errors.ts";
import { effectiveRoles, type RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";

/**
 * Refuses a user who may not give a role to others: only owners make owners, administrators give every other role. Whoever
 * is no user, such as the command line on the server, is trusted with all of them.
 * @throws PosternError `permission_denied`
 */
export async function requireMayGiveRole(
  tx: Pick<StoreTransaction, "users" | "grants">,
  actor: string,
  role: RoleName,
): Promise<void> {
  if (!actor.startsWith("usr_")) return;
  // Locked, so that somebody who is being demoted at this moment gives nothing away any more.
  const user = await tx.users.lock(actor);
  const held = effectiveRoles((await tx.grants.ofUser(actor)).map((grant) => grant.role));
  if (user?.status === "active" && held.has(role === "owner" ? "owner" : "admin")) return;
  throw new PosternError("permission_denied", `"${actor}" may not give the role "${role}".`);
}
