import type { WebhookDelivery, WebhookEndpoint } from "../model/webhook.ts";
import type { Outbound } from "../oauth/outbound.ts";
import { inSpan, OUTCOME, type SpanAttributes } from "../operation/spans.ts";
import type { Runtime } from "../runtime.ts";
import { FARTHEST, pauseAfter } from "./back-off.ts";
import { sendWebhook } from "./send-webhook.ts";
import { settleAttempt } from "./settle-attempt.ts";

type Uses = Pick<Runtime, "settings" | "store" | "operation" | "now" | "log">;

/** Sends the messages that wait, beside everything else. */
export interface DeliveryWorker {
  /** Sends what is due now; resolves when these attempts have ended. Never rejects. */
  deliverDue(): Promise<void>;
  /** From now on looks every second. Keeps no process alive. */
  start(): void;
  /** Gives attempts that go on a moment to end and cuts off the others: what was cut off is sent again later. */
  close(): Promise<void>;
}

/** How often to look, in milliseconds. */
const INTERVAL = 1_000;
/** How long `close` waits for attempts, in milliseconds. */
const CLOSE_PATIENCE = 1_000;
const AT_ONCE = 10;

/** Makes the worker of one instance; `outbound` is its own and is closed with it. `random` answers from [0, 1). */
export function createDeliveryWorker(
  runtime: Uses,
  outbound: Outbound,
  random: () => number = Math.random,
): DeliveryWorker {
  const { settings, store, operation, now, log } = runtime;
  /** Each endpoint by itself: one that is slow holds up nobody else. */
  const busy = new Map<string, Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  async function attempt(endpoint: WebhookEndpoint, delivery: WebhookDelivery): Promise<void> {
    const outcome = await inSpan(
      "postern.webhook_delivery",
      attributesOf(endpoint, delivery),
      async (note) => {
        const sent = await sendWebhook(outbound, endpoint, delivery, now());
        note({
          [OUTCOME]: sent.kind,
          ...(sent.status !== null && { "http.response.status_code": sent.status }),
        });
        return sent;
      },
    );
    operation.metrics.webhooks.add({ outcome: outcome.kind });
    // Cut off by ourselves: that is not the endpoint's fault, and the row says already when to go on.
    if (closed && outcome.kind === "failed") return;
    await settleAttempt(runtime, endpoint, delivery, outcome);
  }

  async function deliverTo(endpoint: WebhookEndpoint): Promise<void> {
    const claim = () => ({ endpoint: endpoint.id, now: now(), farthest: FARTHEST });
    while (!closed && (await store.webhookDeliveries.isAnyDue(claim()))) {
      const claimed = await store.transaction((tx) =>
        tx.webhookDeliveries.claim({ ...claim(), limit: AT_ONCE }, (count) => pauseAfter(count, random())),
      );
      if (claimed.length === 0) return;
      await Promise.all(claimed.map((delivery) => attempt(endpoint, delivery)));
    }
  }

  function deliverToOnce(endpoint: WebhookEndpoint): Promise<void> {
    const going = busy.get(endpoint.id);
    if (going !== undefined) return going;
    const work = deliverTo(endpoint)
      .catch((error: unknown) =>
        log.warn({ err: error, endpoint: endpoint.id }, "webhooks could not be told"),
      )
      .finally(() => busy.delete(endpoint.id));
    busy.set(endpoint.id, work);
    return work;
  }

  async function deliverDue(): Promise<void> {
    if (closed) return;
    await Promise.all(settings.webhooks.map(deliverToOnce));
  }

  return {
    deliverDue,
    start() {
      if (settings.webhooks.length === 0 || closed) return;
      timer ??= setInterval(() => void deliverDue(), INTERVAL).unref();
    },
    async close() {
      closed = true;
      if (timer !== null) clearInterval(timer);
      const ended = Promise.all(busy.values());
      await Promise.race([ended, moment(CLOSE_PATIENCE)]);
      await outbound.close();
      await ended;
    },
  };
}

/** The id of an endpoint is a hash of its address, which may hold a secret. */
function attributesOf({ id }: WebhookEndpoint, { event, attempts }: WebhookDelivery): SpanAttributes {
  return { "postern.endpoint": id, "postern.event": event, "postern.attempt": attempts };
}

function moment(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
