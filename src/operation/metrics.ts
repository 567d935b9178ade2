import { type Counter, createCounter } from "./counter.ts";
import { createHistogram, type Histogram } from "./histogram.ts";

/**
 * What is counted, from the start of the instance on. Nothing here tells of people: labels are ids of the configuration
 * and codes of closed tables.
 */
export interface Metrics {
  /** THE HOT PATH adds to these: plain numbers. */
  readonly sessionChecks: SessionChecks;
  /** Sign-ins that were to be begun: `started`, or the code of an error. */
  readonly starts: Counter<"provider" | "purpose" | "outcome">;
  /** Sign-ins that came back from the provider: `succeeded`, `restarted`, or the code of an error. */
  readonly logins: Counter<"provider" | "purpose" | "outcome">;
  /** By provider: from the callback to its answer. */
  readonly callbacks: Map<string, Histogram>;
  readonly refreshes: Counter<"provider" | "outcome">;
  readonly webhooks: Counter<"outcome">;
}

/** Requests that brought a session cookie, by how it was looked at. */
export interface SessionChecks {
  /** Answered from the cache. */
  hit: number;
  /** What another process has read and shared. */
  shared: number;
  /** Read from the store, and somebody's. */
  read: number;
  /** Nobody's, or of somebody who may not come in. */
  refused: number;
}

/** Seconds. A code exchange takes tens of milliseconds; ten seconds are the budget of one. */
const CALLBACK_BOUNDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

export function createMetrics(): Metrics {
  return {
    sessionChecks: { hit: 0, shared: 0, read: 0, refused: 0 },
    starts: createCounter(),
    logins: createCounter(),
    callbacks: new Map(),
    refreshes: createCounter(),
    webhooks: createCounter(),
  };
}

/** Notes how long a callback took, in milliseconds. `provider` must be one of the configuration. */
export function observeCallback({ callbacks }: Metrics, provider: string, milliseconds: number): void {
  const histogram = callbacks.get(provider) ?? createHistogram(CALLBACK_BOUNDS);
  callbacks.set(provider, histogram);
  histogram.observe(milliseconds / 1_000);
}
