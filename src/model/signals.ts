import { createHistogram, type Histogram } from "../operation/histogram.ts";

/**
 * What a store tells of changes, whoever makes them. All times are milliseconds of a clock that never jumps
 * (`performance.now`).
 */
export interface Signals {
  /**
   * To be called with each look at what was read before; cheap and synchronous. Has told the listener of everything up to
   * `until` when it returns. The answer is the same object each time and moves on. @throws when nothing can be known
   */
  look(now: number): Proof;
  /** One listener, told what may no longer be as it was: ids of users and sessions, `null` = everything. */
  listen(listener: (changed: Changed) => void): void;
  /** For how long what was read may be kept at all. */
  readonly longest: number;
  /** How long after a change this process had heard of it, in seconds; where that cannot be known, at most so long. */
  readonly heardAfter: Histogram;
  /** How far they can be relied on at this moment; does not begin to listen. */
  state(now: number): SignalsState;
}

/** `idle` = nobody has looked for a while, so nobody listens; `none` = the store tells nothing. */
export type SignalsState = "proven" | "unproven" | "idle" | "none";

/** Seconds; a second is what is promised. */
export const HEARD_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2];

/** Whoever has listened since `since` has been told of everything that was committed before `until`. */
export interface Proof {
  readonly since: number;
  readonly until: number;
}

/** Ids of users and sessions, `null` = everything. */
export type Changed = readonly string[] | null;

/** How long the change counter's last answer stands, in milliseconds. */
const COUNTER_INTERVAL = 200;

/** Signals of a store that tells nothing: what was read is known for the moment of its reading only. */
export const NO_SIGNALS: Signals = {
  look: () => NOTHING_PROVEN,
  listen() {},
  longest: Number.POSITIVE_INFINITY,
  heardAfter: createHistogram(HEARD_BOUNDS),
  state: () => "none",
};

const NOTHING_PROVEN: Proof = { since: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY };

/**
 * Signals from a number that differs whenever anybody has changed the store. Sees every change, by whatever it was made,
 * and not which.
 */
export function countingSignals(changeCounter: () => number, start: number = performance.now()): Signals {
  let counter = changeCounter();
  const proof = { since: Number.NEGATIVE_INFINITY, until: start };
  let tell: (changed: Changed) => void = () => {};
  const heardAfter = createHistogram(HEARD_BOUNDS);
  return {
    look(now) {
      if (now - proof.until < COUNTER_INTERVAL) return proof;
      const current = changeCounter();
      if (current !== counter) {
        tell(null);
        // Nobody knows when; but whoever would have been answered any later would have made us look.
        heardAfter.observe(COUNTER_INTERVAL / 1_000);
      }
      counter = current;
      // Only now: while the counter cannot be read, nobody is let in on what was known before.
      proof.until = now;
      return proof;
    },
    listen: (listener) => {
      tell = listener;
    },
    longest: Number.POSITIVE_INFINITY,
    heardAfter,
    state: () => "proven",
  };
}
