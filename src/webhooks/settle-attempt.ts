import { newEvent } from "../audit/new-event.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { WebhookDelivery, WebhookEndpoint } from "../model/webhook.ts";
import type { Runtime } from "../runtime.ts";
import { MOST_ATTEMPTS } from "./back-off.ts";
import type { WebhookOutcome } from "./send-webhook.ts";

/**
 * Writes what came of an attempt. What is given up, and an endpoint that wants nothing any more, is told in the audit
 * log; a message that arrived is only told by its own row.
 */
export async function settleAttempt(
  { store, now, log }: Pick<Runtime, "store" | "now" | "log">,
  endpoint: WebhookEndpoint,
  delivery: WebhookDelivery,
  { kind, status, failure }: WebhookOutcome,
): Promise<void> {
  const isLast = delivery.attempts >= MOST_ATTEMPTS;
  const { host } = endpoint.url;
  const told = { endpoint: endpoint.id, host, event: delivery.event, attempts: delivery.attempts, failure };
  await store.transaction(async (tx) => {
    const at = now();
    const answer = { lastStatus: status, lastFailure: failure };
    if (kind === "accepted") {
      await tx.webhookDeliveries.settle(delivery, { ...answer, state: "delivered", finishedAt: at });
    } else if (kind === "gone") {
      await tx.webhookDeliveries.settle(delivery, { ...answer, state: "dropped", finishedAt: at });
      await stopEndpoint(tx, at, endpoint);
    } else if (!isLast) {
      await tx.webhookDeliveries.settle(delivery, { ...answer, state: "pending", finishedAt: null });
    } else if (
      await tx.webhookDeliveries.settle(delivery, { ...answer, state: "given_up", finishedAt: at })
    ) {
      await tx.audit.insert(
        newEvent(at, { action: "webhook.given_up", actor: "system", target: delivery.id, detail: told }),
      );
    }
  });
  if (kind === "gone") log.warn(told, "a webhook endpoint answers 410: it is told nothing any more");
  else if (kind === "failed" && isLast) log.error(told, "a message to a webhook was given up");
  else if (kind === "failed") log.warn(told, "a message to a webhook was not accepted; it is sent again");
}

async function stopEndpoint(tx: StoreTransaction, now: number, { id, url }: WebhookEndpoint): Promise<void> {
  const dropped = await tx.webhookDeliveries.dropPending(id, now);
  if (!(await tx.webhookDeliveries.stop(id, now))) return;
  await tx.audit.insert(
    newEvent(now, {
      action: "webhook.stopped",
      actor: "system",
      target: id,
      detail: { host: url.host, dropped },
    }),
  );
}
