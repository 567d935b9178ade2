import { requireAdministrator } from "../access/actor-rights.ts";
import type { WebhookDelivery, WebhookEvent } from "../model/webhook.ts";
import type { Outbound } from "../oauth/outbound.ts";
import type { Runtime } from "../runtime.ts";
import { testWebhook, type WebhookTest } from "./test-webhook.ts";

/** An endpoint as it may be shown. */
export interface ShownWebhook {
  /** `whe_…` */
  readonly id: string;
  /** Host, with its port; the rest of an address may be secret. */
  readonly host: string;
  readonly events: readonly WebhookEvent[];
  /** Since when it wants to hear nothing any more (410), in milliseconds since the epoch; `null` = it is told. */
  readonly stoppedAt: number | null;
}

/** What can be asked and done about webhooks. */
export interface WebhookVerbs {
  endpoints(): Promise<readonly ShownWebhook[]>;
  /** Messages and what became of them, newest first. `limit` 1–1000, default 50; `after` is the last id of the page before. */
  deliveries(query?: {
    readonly limit?: number;
    readonly after?: string;
  }): Promise<readonly WebhookDelivery[]>;
  /**
   * Sends a test message to every endpoint. Where it is accepted, an endpoint that was stopped is told again.
   * @throws PosternError `permission_denied` to a user who is no administrator, `rate_limited`
   */
  test(actor: string): Promise<readonly WebhookTest[]>;
}

/** Binds the verbs about webhooks to a runtime. */
export function webhookVerbs(
  runtime: Pick<Runtime, "settings" | "store" | "limits" | "now">,
  outbound: Outbound,
): WebhookVerbs {
  const { settings, store } = runtime;
  return {
    endpoints: () =>
      Promise.all(
        settings.webhooks.map(async ({ id, url, events }) => {
          return { id, host: url.host, events, stoppedAt: await store.webhookDeliveries.stoppedSince(id) };
        }),
      ),
    deliveries: ({ limit = 50, after } = {}) =>
      store.webhookDeliveries.list({
        limit: Math.min(Math.max(limit, 1), 1000),
        ...(after !== undefined && { after }),
      }),
    test: async (actor) => {
      await store.transaction((tx) => requireAdministrator(tx, actor));
      for (const { id: key, url } of settings.webhooks)
        runtime.limits.take("webhookTests", { key, detail: { endpoint: key, host: url.host } });
      return Promise.all(
        settings.webhooks.map((endpoint) => testWebhook(runtime, outbound, endpoint, actor)),
      );
    },
  };
}
