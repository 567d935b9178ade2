import type { AccessRequest } from "../model/access-request.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { announce } from "./announce.ts";

/**
 * Tells the endpoints of a request for access: that it was made, or what was decided. Only what is needed to see who
 * asks and where to decide it.
 */
export async function announceRequest(
  runtime: Pick<Runtime, "settings">,
  tx: Pick<StoreTransaction, "webhookDeliveries">,
  now: number,
  request: AccessRequest,
): Promise<void> {
  const { id, provider, handle, email, emailVerified, note, status, role, reason, decidedBy } = request;
  const who = { id, provider, handle, email, emailVerified };
  if (status === "pending") {
    const command = `postern requests show ${id}`;
    return announce(runtime, tx, now, "access_request.created", { request: { ...who, note }, command });
  }
  const decision = status === "approved" ? { role } : { reason };
  await announce(runtime, tx, now, `access_request.${status}`, {
    request: who,
    ...decision,
    decidedBy,
  });
}
