import { requireMayActOn } from "../access/actor-rights.ts";
import { endExpiredGrants } from "../access/end-expired-grants.ts";
import { refuseLosingLastOwner } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import type { DeletedUser } from "../model/deleted-user.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding, type Ending, endAllSessionsWithin } from "../sessions/end-session.ts";
import { takeTokensOf } from "../vault/take-tokens.ts";
import { noSuchUser } from "./no-such-user.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/**
 * Deletes somebody; for 30 days they can be restored. Identities and the roles given by hand are set aside, every
 * session ends, and whoever signs in with one of the identities afterwards is somebody new who inherits nothing.
 * Answers how many sessions ended. `reason` is the actor's own words, for the audit log.
 * @throws PosternError `permission_denied` to whoever is no administrator, and no owner where it is about one;
 * `user_not_found`, `last_owner`
 */
export async function deleteUser(
  runtime: Uses,
  userId: string,
  actor: string,
  reason?: string,
): Promise<number> {
  let ending: Ending = { sessions: [], taken: [] };
  const sessions = await runtime.store.transaction(async (tx) => {
    const user = await requireMayActOn(tx, actor, userId);
    if (user === null) throw noSuchUser(userId);
    await refuseLosingLastOwner(tx, runtime.settings, userId);
    const now = runtime.now();
    await endExpiredGrants(tx, now, userId);
    const grants = await tx.grants.ofUser(userId);
    const deleted: DeletedUser = {
      user,
      identities: await tx.identities.ofUser(userId),
      grants: grants.filter(({ source }) => source === "direct"),
      deletedAt: now,
      deletedBy: actor,
      reason: reason ?? null,
    };
    // They go with the row, and for good.
    const keys = await tx.apiKeys.list({ userId, limit: 200 });
    const by = { actor, reason: "deleted", address: null, remark: reason } as const;
    const ended = await endAllSessionsWithin(runtime, tx, userId, by);
    ending = { ...ended, taken: [...ended.taken, ...(await takeTokensOf(runtime, tx, userId))] };
    await tx.deletedUsers.insert(deleted);
    await tx.users.delete(userId);
    await tx.audit.insert(
      newEvent(now, {
        action: "user.deleted",
        actor,
        target: userId,
        detail: {
          before: {
            status: user.status,
            identities: deleted.identities.map(({ provider, subject }) => `${provider}:${subject}`),
            roles: grants.map(({ role, source }) => ({ role, source })),
            apiKeys: keys.map(({ id, name }) => ({ id, name })),
          },
          after: null,
          sessions: ended.sessions.length,
          ...(reason !== undefined && { reason }),
        },
      }),
    );
    return ended.sessions.length;
  });
  runtime.sessionCache.forgetUser(userId);
  afterEnding(runtime, ending);
  return sessions;
}
