/** Remembers how often a provider could not be reached. */
export interface Trouble {
  note(): void;
  /** Whether there were three times or more in the last five minutes. */
  isFrequent(): boolean;
}

const TIMES = 3;
const MILLISECONDS = 5 * 60_000;

/** Keeps the last three times, no more. */
export function createTrouble(now: () => number): Trouble {
  let times: readonly number[] = [];
  return {
    note() {
      times = [...times, now()].slice(-TIMES);
    },
    isFrequent() {
      const [oldest] = times;
      return times.length === TIMES && oldest !== undefined && Math.abs(now() - oldest) < MILLISECONDS;
    },
  };
}
