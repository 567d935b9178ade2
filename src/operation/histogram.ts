/** How often something took how long, in seconds. */
export interface Histogram {
  observe(seconds: number): void;
  readonly sum: number;
  readonly count: number;
  /** For each bound, how many took no longer. */
  buckets(): readonly { readonly bound: number; readonly count: number }[];
}

/** `bounds` in seconds, ascending. */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = bounds.map(() => 0);
  let sum = 0;
  let count = 0;
  return {
    observe(seconds) {
      sum += seconds;
      count++;
      const index = bounds.findIndex((bound) => seconds <= bound);
      if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
    },
    get sum() {
      return sum;
    },
    get count() {
      return count;
    },
    buckets() {
      let below = 0;
      return bounds.map((bound, index) => {
        below += counts[index] ?? 0;
        return { bound, count: below };
      });
    },
  };
}
