import { newEvent } from "../audit/new-event.ts";
import { newId } from "../crypto/random.ts";
import type { WebhookEndpoint } from "../model/webhook.ts";
import type { Outbound } from "../oauth/outbound.ts";
import type { Runtime } from "../runtime.ts";
import { messageBody } from "./message-body.ts";
import { sendWebhook, type WebhookOutcome } from "./send-webhook.ts";

/** What came of a test message to one endpoint. */
export interface WebhookTest extends WebhookOutcome {
  readonly endpoint: string;
  /** Host, with its port; the rest of an address may be secret. */
  readonly host: string;
  readonly milliseconds: number;
  /** True when the endpoint had been stopped by a 410 and is told again from now on. */
  readonly resumed: boolean;
}

/** Sends a message of type `webhook.test` at once, past everything that waits. One that is accepted ends a stop. */
export async function testWebhook(
  { store, now }: Pick<Runtime, "store" | "now">,
  outbound: Outbound,
  endpoint: WebhookEndpoint,
  actor: string,
): Promise<WebhookTest> {
  const { id, url } = endpoint;
  const startedAt = performance.now();
  const message = { id: newId("whd_", now()), body: messageBody("webhook.test", now(), {}) };
  const outcome = await sendWebhook(outbound, endpoint, message, now());
  const milliseconds = Math.round(performance.now() - startedAt);
  const resumed = outcome.kind === "accepted" && (await resume(store, now(), endpoint, actor));
  return { ...outcome, endpoint: id, host: url.host, milliseconds, resumed };
}

function resume(
  store: Runtime["store"],
  now: number,
  { id, url }: WebhookEndpoint,
  actor: string,
): Promise<boolean> {
  return store.transaction(async (tx) => {
    if (!(await tx.webhookDeliveries.resume(id))) return false;
    await tx.audit.insert(
      newEvent(now, { action: "webhook.resumed", actor, target: id, detail: { host: url.host } }),
    );
    return true;
  });
}
