import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { untilNext } from "./recheck-times.ts";

/**
 * Notes that the provider has just vouched for somebody, in the transaction that keeps their tokens: they are looked at
 * again after a while. `random` answers from [0, 1).
 */
export async function noteVouched(
  { settings, now }: Pick<Runtime, "settings" | "now">,
  tx: Pick<StoreTransaction, "rechecks">,
  identityId: string,
  random: () => number = Math.random,
): Promise<void> {
  if (settings.recheck === null) return;
  const confirmedAt = now();
  const dueAt = confirmedAt + untilNext(settings.recheck, 0, random());
  await tx.rechecks.put({ identityId, dueAt, confirmedAt, failures: 0, refusals: 0 });
}
