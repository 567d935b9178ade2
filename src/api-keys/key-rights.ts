import { isUser, requireMayActOnOrSelf } from "../access/actor-rights.ts";
import { liveProviders } from "../access/last-owner.ts";
import { PosternError } from "../errors.ts";
import type { ApiKey } from "../model/api-key.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";

/**
 * A key may be made by its person or by whoever holds the server, and for nothing that the person may not do themselves:
 * such a key would do nothing, and nobody would know why.
 * @throws PosternError `user_not_found`, `suspended`, `not_allowed`, `unknown_permission`, `permission_denied`
 */
export async function requireMayMakeKey(
  tx: StoreTransaction,
  { settings, policy }: Pick<Runtime, "settings" | "policy">,
  { userId, permissions }: Pick<ApiKey, "userId" | "permissions">,
  actor: string,
): Promise<void> {
  const { roles } = await policy.within(tx);
  for (const permission of permissions) roles.requireKnownPermission(permission);
  if (isUser(actor) && actor !== userId)
    throw new PosternError("permission_denied", "People make API keys for themselves only.");
  // Locked: whoever is suspended or deleted at this moment is either seen so here, or sees the key.
  const user = await tx.users.lock(userId);
  if (user === null) throw new PosternError("user_not_found", `There is no user ${JSON.stringify(userId)}.`);
  if (user.status !== "active") throw new PosternError("suspended", "The person is suspended.");
  const live = liveProviders(settings);
  if (!(await tx.identities.ofUser(userId)).some(({ provider }) => live.includes(provider)))
    throw new PosternError("not_allowed", "The person has no account at a provider that is configured.");
  const held = (await tx.grants.ofUser(userId)).map(({ role }) => role);
  const allowed = roles.permissionsOf(held);
  const lacking = permissions.filter((permission) => !allowed.includes(permission));
  if (lacking.length > 0)
    throw new PosternError(
      "permission_denied",
      `A key can do no more than its person, who lacks ${lacking.join(", ")}.`,
    );
}

/**
 * A key may be revoked by its person, by an administrator, and by whoever holds the server; that of an owner by no
 * administrator, since what works for owners is not theirs to stop. @throws PosternError `permission_denied`
 */
export async function requireMayRevokeKey(
  tx: StoreTransaction,
  { userId }: Pick<ApiKey, "userId">,
  actor: string,
): Promise<void> {
  await requireMayActOnOrSelf(tx, actor, userId);
}
