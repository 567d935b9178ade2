import type { WebhookDeliveryState } from "../../model/webhook.ts";

/** What the commands about webhooks say, in English. */
export const webhooks = {
  none: "There is no webhook. Name one with the option webhook: { url, secret }.",
  states: {
    pending: "pending",
    delivered: "delivered",
    given_up: "given up",
    dropped: "dropped",
  } satisfies Record<WebhookDeliveryState, string>,
  headings: {
    id: "ID",
    host: "HOST",
    event: "EVENT",
    state: "STATE",
    attempts: "ATTEMPTS",
    answer: "LAST ANSWER",
    next: "NEXT",
  },
  stopped: (host: string, since: string) =>
    `${host} has answered 410 and is told nothing since ${since}. To go on: postern webhooks test`,
  accepted: (host: string, status: number, milliseconds: number) =>
    `${host} accepts: ${status} after ${milliseconds} ms`,
  resumed: (host: string) => `${host} is told again from now on.`,
  refused: (host: string, failure: string, milliseconds: number) =>
    `${host} does not accept: ${failure} after ${milliseconds} ms`,
  notAccepted: (count: number) =>
    count === 1 ? "One webhook does not accept." : `${count} webhooks do not accept.`,
};
