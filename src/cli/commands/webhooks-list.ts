import type { ShownWebhook, WebhookDelivery } from "../../index.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { rfc3339 } from "../people.ts";
import { withPostern } from "../with-postern.ts";

/** As many as are shown unless told otherwise. */
const SHOWN = 50;
/** As many as the store gives at once. */
const MOST = 1000;

/** `postern webhooks list`: what webhooks were told and what became of it, newest first. */
export async function run(invocation: Invocation): Promise<void> {
  const { out, words } = invocation;
  const limit = readLimit(invocation);
  await withPostern(invocation, async ({ door }) => {
    const endpoints = await door.webhooks.endpoints();
    const deliveries = await door.webhooks.deliveries({ limit });
    if (out.jsonl) return deliveries.forEach((one) => void out.jsonLine(deliveryDocument(one)));
    if (out.json) {
      const document = {
        endpoints: endpoints.map(endpointDocument),
        items: deliveries.map(deliveryDocument),
      };
      return out.answer(document, "");
    }
    if (endpoints.length === 0) out.say(words.webhooks.none);
    for (const { host, stoppedAt } of endpoints) {
      if (stoppedAt !== null) out.say(words.webhooks.stopped(host, rfc3339(stoppedAt)));
    }
    const { id, host, event, state, attempts, answer, next } = words.webhooks.headings;
    const hosts = new Map(endpoints.map((one) => [one.id, one.host]));
    out.table([id, host, event, state, attempts, answer, next], deliveries.map(row(invocation, hosts)));
  });
}

function row({ words }: Invocation, hosts: ReadonlyMap<string, string>) {
  return (delivery: WebhookDelivery): readonly string[] => {
    const { id, endpoint, event, state, attempts, lastStatus, lastFailure, nextAttemptAt } = delivery;
    return [
      id,
      hosts.get(endpoint) ?? endpoint,
      event,
      words.webhooks.states[state],
      String(attempts),
      lastFailure ?? (lastStatus === null ? "" : String(lastStatus)),
      state === "pending" ? rfc3339(nextAttemptAt) : "",
    ];
  };
}

/** The body stays out: it tells of people, and who asks for states need not see that. */
function deliveryDocument(delivery: WebhookDelivery): object {
  const { body: _, createdAt, nextAttemptAt, finishedAt, ...rest } = delivery;
  return {
    ...rest,
    createdAt: rfc3339(createdAt),
    nextAttemptAt: delivery.state === "pending" ? rfc3339(nextAttemptAt) : null,
    finishedAt: finishedAt === null ? null : rfc3339(finishedAt),
  };
}

function endpointDocument({ stoppedAt, ...rest }: ShownWebhook): object {
  return { ...rest, stoppedAt: stoppedAt === null ? null : rfc3339(stoppedAt) };
}

/** @throws CliFailure `invalid_argument` */
function readLimit({ flags }: Invocation): number {
  const { limit } = flags;
  if (limit === undefined) return SHOWN;
  if (!/^[1-9]\d{0,3}$/.test(limit))
    throw new CliFailure("invalid_argument", (words) => words.notACount("--limit", limit));
  return Math.min(Number(limit), MOST);
}
