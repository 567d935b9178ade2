import { newEvent } from "../audit/new-event.ts";
import type { RoleGrant } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";

type Writes = Pick<StoreTransaction, "grants" | "pendingGrants" | "audit">;

/**
 * Carries out the grants of a user whose end has come, with one audit event for each, however many look at once. They
 * have counted for nothing since that moment; this is only what tells of it.
 */
export async function endExpiredGrants(
  tx: Pick<Writes, "grants" | "audit">,
  now: number,
  userId: string,
): Promise<void> {
  await tell(tx, now, await tx.grants.takeExpired({ userId }));
}

/** The same for roles that were promised until a day that has come. */
export async function endExpiredPromises(
  tx: Pick<Writes, "pendingGrants" | "audit">,
  now: number,
): Promise<void> {
  for (const { id, provider, who, role, expiresAt } of await tx.pendingGrants.takeExpired()) {
    await tx.audit.insert(
      newEvent(now, {
        action: "pending_grant.expired",
        actor: "system",
        target: id,
        detail: { role, provider, who, expiresAt },
      }),
    );
  }
}

/** Both for everybody, at most so many grants at a time. Answers how many were over; whoever is second finds none. */
export async function endSomeExpiredGrants(tx: Writes, now: number, most: number): Promise<number> {
  await endExpiredPromises(tx, now);
  const over = await tx.grants.takeExpired({ limit: most });
  await tell(tx, now, over);
  return over.length;
}

async function tell(tx: Pick<Writes, "audit">, now: number, over: readonly RoleGrant[]): Promise<void> {
  for (const { userId, role, source, reason, expiresAt } of over) {
    await tx.audit.insert(
      newEvent(now, {
        action: "role.expired",
        actor: "system",
        target: userId,
        detail: { role, source, expiresAt, ...(reason !== null && { reason }) },
      }),
    );
  }
}
