import { requireAdministrator } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import { RESTORABLE_FOR } from "../model/deleted-user.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Runtime, "store" | "now">;

/** How many go in one transaction: nobody else should have to wait for it. */
const BATCH = 100;

/**
 * Forgets for good everybody who was deleted 30 days ago or earlier. Answers how many; with `dryRun` how many it would
 * be. Safe to run as often as one likes, by several processes at once.
 * @throws PosternError `permission_denied` to a user who is no administrator, when there is something to forget
 */
export async function purgeDeletedUsers(runtime: Uses, actor: string, dryRun = false): Promise<number> {
  const until = runtime.now() - RESTORABLE_FOR;
  if (dryRun) return (await runtime.store.deletedUsers.deletedUntil(until, Number.MAX_SAFE_INTEGER)).length;
  let purged = 0;
  // Asked outside a transaction first: most days there is nothing to do.
  while ((await runtime.store.deletedUsers.deletedUntil(until, 1)).length > 0) {
    purged += await runtime.store.transaction(async (tx) => {
      await requireAdministrator(tx, actor);
      return purgeSome(tx, { now: runtime.now(), until }, actor, BATCH);
    });
  }
  return purged;
}

/** The same for some of those deleted until then, at most so many, in a transaction that has begun already. */
export async function purgeSome(
  tx: Pick<StoreTransaction, "deletedUsers" | "audit">,
  { now, until }: { readonly now: number; readonly until: number },
  actor: string,
  most: number,
): Promise<number> {
  let taken = 0;
  for (const id of await tx.deletedUsers.deletedUntil(until, most)) {
    if ((await tx.deletedUsers.take(id)) === null) continue;
    taken++;
    await tx.audit.insert(newEvent(now, { action: "user.purged", actor, target: id }));
  }
  return taken;
}
