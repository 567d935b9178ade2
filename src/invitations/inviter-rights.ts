import { PosternError } from "../errors.ts";
import { effectiveRoles, type RoleName } from "../model/role.ts";
import type { Store } from "../model/store.ts";

type Uses = Pick<Store, "users" | "grants">;

/** Ids of users begin so; every other actor is the application's own code or somebody on the server. */
const USER_ID = /^usr_/;

/**
 * Whether somebody may, as things are now, give these roles to whomever they invite: they are active, and administrators
 * at least; only owners invite owners. What the command line or the application's own code does needs no role.
 */
export async function mayInvite(tx: Uses, actor: string, roles: readonly RoleName[]): Promise<boolean> {
  if (!USER_ID.test(actor)) return true;
  if ((await tx.users.get(actor))?.status !== "active") return false;
  const held = effectiveRoles((await tx.grants.ofUser(actor)).map(({ role }) => role));
  return held.has(roles.includes("owner") ? "owner" : "admin");
}

/** @throws PosternError `permission_denied` */
export async function requireMayInvite(tx: Uses, actor: string, roles: readonly RoleName[]): Promise<void> {
  if (await mayInvite(tx, actor, roles)) return;
  throw new PosternError(
    "permission_denied",
    "Only administrators may invite, and only owners may invite owners.",
  );
}
