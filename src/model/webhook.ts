/** What an endpoint can be told of. `noun.verb`, as in the audit log; closed: a new one is a new line here. */
export const WEBHOOK_EVENTS = [
  "access_request.created",
  "access_request.approved",
  "access_request.declined",
  "break_glass.used",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Somewhere that wants to be told: how it is written in the options. */
export interface WebhookOptions {
  /** Where to send it: https, or http on this machine. It may be a private address: naming it here allows it. */
  readonly url: string;
  /** Signs what is sent. At least 32 bytes, or `whsec_` and their base64; several to rotate: each of them signs. */
  readonly secret: string | readonly string[];
  /** What to tell of. Default everything. */
  readonly events?: readonly WebhookEvent[] | undefined;
}

/** The same after the check. */
export interface WebhookEndpoint {
  /** `whe_…`, made from the address: the address itself may hold a secret and is kept nowhere. */
  readonly id: string;
  readonly url: URL;
  readonly secrets: readonly string[];
  readonly events: readonly WebhookEvent[];
}

/** Still to be sent; answered with 2xx; given up after the last attempt; dropped because the endpoint said 410. */
export type WebhookDeliveryState = "pending" | "delivered" | "given_up" | "dropped";

/** One message for one endpoint. Times are milliseconds since the epoch. */
export interface WebhookDelivery {
  /** `whd_…`: the same at every attempt, so that whoever receives it twice can tell. */
  readonly id: string;
  readonly endpoint: string;
  readonly event: WebhookEvent;
  /** What is sent, byte for byte the same at every attempt. */
  readonly body: string;
  readonly state: WebhookDeliveryState;
  /** How often it was tried, an attempt that has begun included. */
  readonly attempts: number;
  readonly createdAt: number;
  /** When it is tried next; while an attempt goes on, when somebody else may take over. */
  readonly nextAttemptAt: number;
  /** Status of the last answer; `null` = there was none. */
  readonly lastStatus: number | null;
  /** Why the last attempt came to nothing, in a word: `timeout`, `status_500`. */
  readonly lastFailure: string | null;
  readonly finishedAt: number | null;
}

/** How an attempt ended. */
export interface WebhookAttempt {
  readonly state: WebhookDeliveryState;
  readonly lastStatus: number | null;
  readonly lastFailure: string | null;
  readonly finishedAt: number | null;
}

/** Takes over what is due: those whose time has come, or lies so far ahead that a clock must have been wrong. */
export interface WebhookClaim {
  readonly endpoint: string;
  readonly now: number;
  /** Later than anything that is ever waited for, in milliseconds from now. */
  readonly farthest: number;
  readonly limit: number;
}

export interface WebhookDeliveryReader {
  /** Newest first. `limit` 1–1000. */
  list(query: { readonly limit: number; readonly after?: string }): Promise<readonly WebhookDelivery[]>;
  isAnyDue(claim: Omit<WebhookClaim, "limit">): Promise<boolean>;
  /** Since when an endpoint wants to hear nothing any more; `null` = it does. */
  stoppedSince(endpoint: string): Promise<number | null>;
}

export interface WebhookDeliveryWriter extends WebhookDeliveryReader {
  insert(delivery: WebhookDelivery): Promise<void>;
  /**
   * Counts an attempt for each that is due, oldest first, and puts off the next one by `pause(attempts)`, so that nobody
   * else takes them meanwhile. Answers them as they are after that.
   */
  claim(claim: WebhookClaim, pause: (attempts: number) => number): Promise<readonly WebhookDelivery[]>;
  /** Writes how an attempt ended. Answers false when it was finished before, or another attempt has begun since. */
  settle(delivery: Pick<WebhookDelivery, "id" | "attempts">, attempt: WebhookAttempt): Promise<boolean>;
  /** Drops all that still wait for an endpoint; answers how many. */
  dropPending(endpoint: string, now: number): Promise<number>;
  /** Answers false when it is stopped already. */
  stop(endpoint: string, now: number): Promise<boolean>;
  /** Answers false when it was not stopped. */
  resume(endpoint: string): Promise<boolean>;
}
