import type { OwnerLink } from "../model/owner-link.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { announce } from "./announce.ts";

/** Tells the endpoints that somebody came in around the usual way, and where an owner reviews it. */
export async function announceBreakGlass(
  runtime: Pick<Runtime, "settings">,
  tx: Pick<StoreTransaction, "webhookDeliveries">,
  now: number,
  { id, createdBy, reason }: OwnerLink,
  userId: string,
): Promise<void> {
  const { publicUrl, mountPath } = runtime.settings;
  await announce(runtime, tx, now, "break_glass.used", {
    userId,
    ownerLink: { id, createdBy, reason },
    reviewUrl: new URL(`${mountPath}/account`, publicUrl).href,
  });
}
