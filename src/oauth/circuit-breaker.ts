import type { Log } from "../model/log.ts";

const FAILURES_TO_OPEN = 5;
const OPEN_MILLISECONDS = 10_000;

/** Keeps Postern from waiting for a host that is known to be down. */
export interface CircuitBreaker {
  /**
   * Whether a call may go out now. After ten seconds one call at a time may probe; when nobody tells what became of it,
   * because it was ended, the next one may ten seconds later.
   */
  admits(origin: string, caller?: string): boolean;
  /** The host answered like something that works. */
  succeeded(origin: string): void;
  /** The host did not answer, or said that it cannot. The fifth in a row opens the circuit. */
  failed(origin: string, caller?: string): void;
  /** Whether something that this caller has asked for is cut off, until a call has succeeded. */
  isOpenFor(caller: string): boolean;
}

interface Circuit {
  failures: number;
  /** When it opened or the last probe set out; `null` while closed. */
  heldSince: number | null;
  /** Who has called since the first failure. */
  readonly callers: Set<string>;
}

/** One circuit per origin. */
export function createCircuitBreaker(options: {
  readonly now: () => number;
  readonly log: Log;
}): CircuitBreaker {
  const { now, log } = options;
  const circuits = new Map<string, Circuit>();

  return {
    admits(origin, caller) {
      const circuit = circuits.get(origin);
      if (circuit === undefined) return true;
      if (caller !== undefined) circuit.callers.add(caller);
      if (circuit.heldSince === null) return true;
      const held = now() - circuit.heldSince;
      // A clock that was set back must not hold the circuit open: a negative span counts as over.
      if (held >= 0 && held < OPEN_MILLISECONDS) return false;
      circuit.heldSince = now();
      return true;
    },
    succeeded(origin) {
      const circuit = circuits.get(origin);
      if (circuit === undefined) return;
      circuits.delete(origin);
      if (circuit.heldSince !== null) log.info({ origin }, "The provider answers again.");
    },
    failed(origin, caller) {
      const circuit = circuits.get(origin) ?? { failures: 0, heldSince: null, callers: new Set() };
      circuits.set(origin, circuit);
      if (caller !== undefined) circuit.callers.add(caller);
      circuit.failures += 1;
      if (circuit.failures < FAILURES_TO_OPEN) return;
      if (circuit.heldSince === null)
        log.warn({ origin, failures: circuit.failures }, "The provider does not answer.");
      circuit.heldSince = now();
    },
    isOpenFor: (caller) =>
      circuits.values().some(({ heldSince, callers }) => heldSince !== null && callers.has(caller)),
  };
}
