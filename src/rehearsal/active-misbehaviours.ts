import type { Endpoint } from "./endpoints.ts";
import { type Misbehaviour, type MisbehaviourMode, misbehaviour } from "./misbehaviours.ts";

/** How a misbehaviour is switched on for everybody. */
export interface MisbehaveOptions {
  /** How many requests it meets before it ends by itself. Default: until `behave()`. */
  readonly times?: number | undefined;
  /** Where, instead of its usual endpoint. */
  readonly endpoint?: Endpoint | undefined;
  /** For `slow` and `drip`. Default 5,000 and 1,000. */
  readonly milliseconds?: number | undefined;
}

/** A misbehaviour that applies to the request at hand. */
export interface Fault {
  readonly mode: MisbehaviourMode;
  readonly row: Misbehaviour;
  readonly milliseconds: number | null;
}

/** One that is switched on for everybody, as `GET /rehearsal/state` shows it. */
export interface ActiveMisbehaviour {
  readonly mode: MisbehaviourMode;
  readonly endpoints: readonly Endpoint[];
  /** `null` = without end. */
  readonly timesLeft: number | null;
  readonly milliseconds: number | null;
}

export interface ActiveMisbehaviours {
  /** Switches a mode on; again = with the new options. @throws RangeError when it cannot happen there. */
  add(mode: MisbehaviourMode, options?: MisbehaveOptions): void;
  clear(): void;
  list(): readonly ActiveMisbehaviour[];
  /** What must go wrong with a request to this endpoint: the attempt's own mode first. Counts `times` down. */
  take(endpoint: Endpoint, attempt: MisbehaviourMode | null): readonly Fault[];
}

/** Remembers which misbehaviours are switched on for everybody. */
export function createActiveMisbehaviours(): ActiveMisbehaviours {
  const active = new Map<MisbehaviourMode, ActiveMisbehaviour>();

  function useOnce(entry: ActiveMisbehaviour): Fault {
    const { mode, timesLeft, milliseconds } = entry;
    if (timesLeft === 1) active.delete(mode);
    else if (timesLeft !== null) active.set(mode, { ...entry, timesLeft: timesLeft - 1 });
    return { mode, row: misbehaviour(mode), milliseconds };
  }

  return {
    add(mode, { times, endpoint, milliseconds } = {}) {
      const row = misbehaviour(mode);
      if (endpoint !== undefined && row.answer === undefined && !row.at.includes(endpoint)) {
        throw new RangeError(`"${mode}" happens only at ${row.at.join(" and ")}, not at ${endpoint}`);
      }
      if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
        throw new RangeError(`times must be a whole number above 0, not ${times}`);
      }
      active.set(mode, {
        mode,
        endpoints: endpoint === undefined ? row.at : [endpoint],
        timesLeft: times ?? null,
        milliseconds: milliseconds ?? null,
      });
    },
    clear: () => active.clear(),
    list: () => [...active.values()],
    take(endpoint, attempt) {
      const own = attempt === null ? null : misbehaviour(attempt);
      const ofAttempt: readonly Fault[] =
        attempt !== null && own?.at.includes(endpoint)
          ? [{ mode: attempt, row: own, milliseconds: null }]
          : [];
      const ofEverybody = [...active.values()]
        .filter(({ endpoints }) => endpoints.includes(endpoint))
        .map(useOnce);
      return [...ofAttempt, ...ofEverybody];
    },
  };
}
