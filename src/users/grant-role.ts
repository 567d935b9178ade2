import { lockPeople, requireMayGive } from "../access/actor-rights.ts";
import { giveRole } from "../access/give-role.ts";
import { refuseLosingLastOwner, requireLastingOwner } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import type { RoleName } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { noSuchUser } from "./no-such-user.ts";

type Uses = Pick<Runtime, "settings" | "store" | "policy" | "sessionCache" | "now">;

/**
 * Gives a role by hand; it stays until somebody takes it away, or until the moment that is told (milliseconds since the
 * epoch). One that is held by hand already gets the new end, and the new reason with it. Answers false when nothing
 * changed. `reason` is the actor's own words: it stands beside the role and in the audit log.
 * @throws PosternError `unknown_role`, `user_not_found`, `permission_denied`, `last_owner` when nobody would own the back
 * office after that end; RangeError for an end that is over
 */
export async function grantRole(
  runtime: Uses,
  userId: string,
  role: RoleName,
  actor: string,
  reason?: string,
  until?: number,
): Promise<boolean> {
  requireFuture(until, runtime.now());
  const granted = await runtime.store.transaction(async (tx) => {
    (await runtime.policy.within(tx)).roles.requireKnownRole(role);
    await lockBoth(tx, userId, actor);
    await requireMayGive(tx, actor, [role]);
    if (role === "owner" && until !== undefined) await requireLastingOwner(tx, runtime.settings, userId);
    const terms = { createdAt: runtime.now(), reason: reason ?? null, expiresAt: until ?? null };
    const gift = { userId, role, source: "direct", ...terms } as const;
    return giveRole(tx, runtime.now(), gift, { actor }, "exactly");
  });
  runtime.sessionCache.forgetUser(userId);
  return granted;
}

/** So that whoever is deleted at this moment is told as nobody, and whoever is being demoted gives nothing away any more. */
async function lockBoth(tx: Pick<StoreTransaction, "users">, userId: string, actor: string): Promise<void> {
  const people = await lockPeople(tx, [userId, actor]);
  if (!people.has(userId)) throw noSuchUser(userId);
}

/** @throws RangeError for an end that is over, or none at all */
export function requireFuture(until: number | undefined, now: number): void {
  if (until === undefined || (Number.isSafeInteger(until) && until > now)) return;
  throw new RangeError("A role ends in the future, in whole milliseconds since the epoch.");
}

/**
 * Takes a role away, from whatever source it is held. A role that a rule or the configuration gives comes back at the
 * next sign-in, which `stillDerived` tells. `reason` is the actor's own words, for the audit log.
 * @throws PosternError `user_not_found`, `last_owner`, `permission_denied`
 */
export async function revokeRole(
  runtime: Uses,
  userId: string,
  role: RoleName,
  actor: string,
  reason?: string,
): Promise<{ readonly revoked: boolean; readonly stillDerived: boolean }> {
  const result = await runtime.store.transaction(async (tx) => {
    await lockBoth(tx, userId, actor);
    if (role === "owner") await refuseLosingLastOwner(tx, runtime.settings, userId);
    await requireMayGive(tx, actor, [role]);
    const held = (await tx.grants.ofUser(userId)).filter((grant) => grant.role === role);
    for (const grant of held) {
      await tx.grants.delete(grant);
      await tx.audit.insert(
        newEvent(runtime.now(), {
          action: "role.revoked",
          actor,
          target: userId,
          detail: { role, source: grant.source, ...(reason !== undefined && { reason }) },
        }),
      );
    }
    return { revoked: held.length > 0, stillDerived: held.some(({ source }) => source !== "direct") };
  });
  runtime.sessionCache.forgetUser(userId);
  return result;
}
