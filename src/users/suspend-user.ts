import { requireMayActOn } from "../access/actor-rights.ts";
import { refuseLosingLastOwner } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding, type Ending, endAllSessionsWithin } from "../sessions/end-session.ts";
import { takeTokensOf } from "../vault/take-tokens.ts";
import { noSuchUser } from "./no-such-user.ts";

type Uses = Pick<Runtime, "settings" | "store" | "providers" | "sessionCache" | "sealer" | "now" | "log">;

/** What suspending somebody did. */
export interface Suspension {
  /** False = they were suspended already. */
  readonly suspended: boolean;
  /** How many sessions ended. */
  readonly sessions: number;
}

/**
 * Shuts somebody out, whatever their provider says, until they are reactivated: every session ends in the same
 * transaction. `reason` is the actor's own words, for the audit log.
 * @throws PosternError `permission_denied` to whoever is no administrator, and no owner where it is about one;
 * `user_not_found`, `last_owner`
 */
export async function suspendUser(
  runtime: Uses,
  userId: string,
  actor: string,
  reason?: string,
): Promise<Suspension> {
  let ending: Ending = { sessions: [], taken: [] };
  const result = await runtime.store.transaction(async (tx): Promise<Suspension> => {
    // Locked: whoever is signing in at this moment is either seen here with their session, or sees the suspension.
    const user = await requireMayActOn(tx, actor, userId);
    if (user === null) throw noSuchUser(userId);
    if (user.status === "suspended") return { suspended: false, sessions: 0 };
    await refuseLosingLastOwner(tx, runtime.settings, userId);
    const now = runtime.now();
    await tx.users.update(userId, { status: "suspended" });
    const ended = await endAllSessionsWithin(runtime, tx, userId, {
      actor,
      reason: "suspended",
      address: null,
      remark: reason,
    });
    // Nothing acts in their name any more, here or there.
    ending = { ...ended, taken: [...ended.taken, ...(await takeTokensOf(runtime, tx, userId))] };
    const sessions = ended.sessions.length;
    await tx.audit.insert(
      newEvent(now, {
        action: "user.suspended",
        actor,
        target: userId,
        detail: { ...CHANGED, sessions, ...(reason !== undefined && { reason }) },
      }),
    );
    return { suspended: true, sessions };
  });
  runtime.sessionCache.forgetUser(userId);
  afterEnding(runtime, ending);
  return result;
}

const CHANGED = { before: { status: "active" }, after: { status: "suspended" } };

/**
 * Lets somebody in again who was suspended. Answers false when they were not.
 * @throws PosternError `permission_denied` as for `suspendUser`, `user_not_found`
 */
export async function reactivateUser(
  runtime: Uses,
  userId: string,
  actor: string,
  reason?: string,
): Promise<boolean> {
  return runtime.store.transaction(async (tx) => {
    const user = await requireMayActOn(tx, actor, userId);
    if (user === null) throw noSuchUser(userId);
    if (user.status === "active") return false;
    await tx.users.update(userId, { status: "active" });
    await tx.audit.insert(
      newEvent(runtime.now(), {
        action: "user.reactivated",
        actor,
        target: userId,
        detail: {
          before: CHANGED.after,
          after: CHANGED.before,
          ...(reason !== undefined && { reason }),
        },
      }),
    );
    return true;
  });
}
