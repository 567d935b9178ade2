import { PosternError } from "../errors.ts";
import { effectiveRoles, type RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";

/** Ids of users begin so; every other actor is the application's own code or somebody on the server. */
const USER_ID = /^usr_/;

/**
 * Refuses a user who may not give a role or take it away: only owners make and unmake owners, administrators do so with
 * every other role. Whoever is no user, such as the command line on the server, is trusted with all of them.
 * @throws PosternError `permission_denied`
 */
export async function requireMayGive(
  tx: Pick<StoreTransaction, "users" | "grants">,
  actor: string,
  role: RoleName,
): Promise<void> {
  const rank = await rankOf(tx, actor);
  if (rank === "owner" || (rank === "admin" && role !== "owner")) return;
  throw new PosternError("permission_denied", `"${actor}" may not give or take the role "${role}".`);
}

/** What somebody may do about roles, as things are now; `null` = nothing. */
export async function rankOf(
  tx: Pick<StoreTransaction, "users" | "grants">,
  actor: string,
): Promise<"owner" | "admin" | null> {
  if (!USER_ID.test(actor)) return "owner";
  if ((await tx.users.get(actor))?.status !== "active") return null;
  const held = effectiveRoles((await tx.grants.ofUser(actor)).map((grant) => grant.role));
  return held.has("owner") ? "owner" : held.has("admin") ? "admin" : null;
}
