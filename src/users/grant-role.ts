import { refuseLosingLastOwner } from "../access/last-owner.ts";
import { newEvent } from "../audit/new-event.ts";
import type { RoleName } from "../model/role.ts";
import type { Runtime } from "../runtime.ts";
import { noSuchUser } from "./no-such-user.ts";

type Uses = Pick<Runtime, "settings" | "store" | "policy" | "sessionCache" | "now">;

/**
 * Gives a role by hand; it stays until somebody takes it away. Answers false when it was held by hand already.
 * `reason` is the actor's own words, for the audit log.
 * @throws PosternError `unknown_role`, `user_not_found`
 */
export async function grantRole(
  runtime: Uses,
  userId: string,
  role: RoleName,
  actor: string,
  reason?: string,
): Promise<boolean> {
  const granted = await runtime.store.transaction(async (tx) => {
    (await runtime.policy.within(tx)).roles.requireKnownRole(role);
    // Locked, so that whoever is deleted at this moment is told as nobody, and not as a mistake of the database.
    if ((await tx.users.lock(userId)) === null) throw noSuchUser(userId);
    const now = runtime.now();
    const inserted = await tx.grants.insert({ userId, role, source: "direct", createdAt: now });
    if (inserted) {
      await tx.audit.insert(
        newEvent(now, {
          action: "role.granted",
          actor,
          target: userId,
          detail: { role, source: "direct", ...(reason !== undefined && { reason }) },
        }),
      );
    }
    return inserted;
  });
  runtime.sessionCache.forgetUser(userId);
  return granted;
}

/**
 * Takes a role away, from whatever source it is held. A role that a rule or the configuration gives comes back at the
 * next sign-in, which `stillDerived` tells. `reason` is the actor's own words, for the audit log.
 * @throws PosternError `user_not_found`, `last_owner`
 */
export async function revokeRole(
  runtime: Uses,
  userId: string,
  role: RoleName,
  actor: string,
  reason?: string,
): Promise<{ readonly revoked: boolean; readonly stillDerived: boolean }> {
  const result = await runtime.store.transaction(async (tx) => {
    if ((await tx.users.lock(userId)) === null) throw noSuchUser(userId);
    if (role === "owner") await refuseLosingLastOwner(tx, runtime.settings, userId);
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
