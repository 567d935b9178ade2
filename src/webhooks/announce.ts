import { newId } from "../crypto/random.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { WebhookEvent } from "../model/webhook.ts";
import type { Runtime } from "../runtime.ts";
import { messageBody } from "./message-body.ts";

/**
 * Puts a message aside for every endpoint that wants to hear of this event, in the transaction of what it tells: either
 * both are kept or neither. It is sent after that, by whichever instance sees it first.
 */
export async function announce(
  { settings }: Pick<Runtime, "settings">,
  tx: Pick<StoreTransaction, "webhookDeliveries">,
  now: number,
  event: WebhookEvent,
  data: object,
): Promise<void> {
  for (const { id: endpoint, events } of settings.webhooks) {
    if (!events.includes(event) || (await tx.webhookDeliveries.stoppedSince(endpoint)) !== null) continue;
    await tx.webhookDeliveries.insert({
      id: newId("whd_", now),
      endpoint,
      event,
      body: messageBody(event, now, data),
      state: "pending",
      attempts: 0,
      createdAt: now,
      nextAttemptAt: now,
      lastStatus: null,
      lastFailure: null,
      finishedAt: null,
    });
  }
}
