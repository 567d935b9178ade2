import { newEvent } from "../audit/new-event.ts";
import type { RoleGrant } from "../model/role.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";

type Writes = Pick<StoreTransaction, "grants" | "pendingGrants" | "audit">;

/** How many people are looked at in one transaction: nobody else should have to wait for it. */
const BATCH = 100;

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

/** Both for everybody. Answers how many grants were over. Safe to run as often as one likes, by several processes. */
export async function endAllExpiredGrants(runtime: Pick<Runtime, "store" | "now">): Promise<number> {
  let ended = 0;
  for (;;) {
    const batch = await runtime.store.transaction(async (tx) => {
      const now = runtime.now();
      await endExpiredPromises(tx, now);
      const over = await tx.grants.takeExpired({ limit: BATCH });
      await tell(tx, now, over);
      return over.length;
    });
    ended += batch;
    if (batch === 0) return ended;
  }
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
