import { mayGive, requireAdministrator } from "../access/actor-rights.ts";
import type { Policy } from "../access/live-policy.ts";
import { newEvent } from "../audit/new-event.ts";
import { PosternError } from "../errors.ts";
import { RESTORABLE_FOR } from "../model/deleted-user.ts";
import type { Identity } from "../model/identity.ts";
import type { RoleGrant } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { noSuchUser } from "./no-such-user.ts";

type Uses = Pick<Runtime, "store" | "policy" | "now">;

/** What came back, and what did not. */
export interface Restoration {
  readonly identities: readonly Identity[];
  /** Identities that somebody else has signed in with since: they stay theirs. */
  readonly taken: readonly Identity[];
}

/**
 * Brings back somebody who was deleted less than 30 days ago, as they were: suspended when they were, with the roles
 * given by hand. Rules are asked again at their next sign-in. `reason` is the actor's own words, for the audit log.
 * @throws PosternError `permission_denied` to whoever is no administrator, and no owner where an owner would come back;
 * `user_not_found`
 */
export async function restoreUser(
  runtime: Uses,
  userId: string,
  actor: string,
  reason?: string,
): Promise<Restoration> {
  return runtime.store.transaction(async (tx) => {
    const policy = await runtime.policy.within(tx);
    const rank = await requireAdministrator(tx, actor);
    const now = runtime.now();
    const deleted = await tx.deletedUsers.take(userId);
    if (deleted === null || now - deleted.deletedAt >= RESTORABLE_FOR) throw noSuchUser(userId);
    const { user } = deleted;
    const grants = deleted.grants.filter((grant) => stillCounts(grant, policy, now));
    const roles = grants.map(({ role }) => role);
    if (!mayGive(rank, roles))
      throw new PosternError("permission_denied", "Only an owner brings an owner back.");
    await tx.users.insert(user);
    const restoration = await restoreIdentities(tx, deleted.identities);
    for (const grant of grants) await tx.grants.insert(grant);
    await tx.audit.insert(
      newEvent(now, {
        action: "user.restored",
        actor,
        target: userId,
        detail: {
          before: null,
          after: {
            status: user.status,
            identities: restoration.identities.map(({ provider, subject }) => `${provider}:${subject}`),
            roles: grants.map(({ role, source }) => ({ role, source })),
          },
          taken: restoration.taken.map(({ provider, subject }) => `${provider}:${subject}`),
          ...(reason !== undefined && { reason }),
        },
      }),
    );
    return restoration;
  });
}

/** An end comes for those who are deleted, too; and a role that was made since is not the one that they held. */
function stillCounts(
  { role, createdAt, expiresAt }: RoleGrant,
  { roles, stored }: Pick<Policy, "roles" | "stored">,
  now: number,
): boolean {
  const madeAt = stored.find(({ name }) => name === role)?.createdAt ?? 0;
  return roles.roles.includes(role) && madeAt <= createdAt && (expiresAt ?? Number.POSITIVE_INFINITY) > now;
}

async function restoreIdentities(
  tx: Pick<StoreTransaction, "identities">,
  kept: readonly Identity[],
): Promise<Restoration> {
  const identities: Identity[] = [];
  const taken: Identity[] = [];
  for (const identity of kept) {
    const list = (await tx.identities.insert(identity)) ? identities : taken;
    list.push(identity);
  }
  return { identities, taken };
}
