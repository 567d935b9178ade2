import { LIMITS, type LimitName } from "../model/limit-settings.ts";
import { bringToPresent, newCount, type SlidingCount } from "./sliding-count.ts";

/** What is kept of each limit. */
export interface Counts {
  /** The count of one key, brought to the present; a new one when there is none. */
  of(name: LimitName, key: string): SlidingCount;
  /** The same, `null` = there is none. */
  find(name: LimitName, key: string): SlidingCount | null;
  /** How many are kept. */
  readonly size: number;
}

/**
 * How many are kept of each limit. Whoever has more addresses than these may begin anew with each of them anyhow; what is
 * counted over all addresses still holds.
 */
export const MOST_COUNTS = 10_000;

/** Counts in the memory of this process, the longest unused dropped first. Each limit has its own, so that none can crowd another out. */
export function createCounts(now: () => number): Counts {
  const byName = new Map<LimitName, Map<string, SlidingCount>>();

  function find(name: LimitName, key: string): SlidingCount | null {
    const count = byName.get(name)?.get(key);
    if (count === undefined) return null;
    bringToPresent(count, now(), LIMITS[name].within);
    return count;
  }

  return {
    find,
    of(name, key) {
      const kept = byName.get(name) ?? new Map<string, SlidingCount>();
      byName.set(name, kept);
      const count = find(name, key) ?? newCount(now(), LIMITS[name].within);
      // A map keeps the order in which its keys were set.
      kept.delete(key);
      kept.set(key, count);
      if (kept.size > MOST_COUNTS) {
        const [longestUnused] = kept.keys();
        if (longestUnused !== undefined) kept.delete(longestUnused);
      }
      return count;
    },
    get size() {
      return [...byName.values()].reduce((sum, kept) => sum + kept.size, 0);
    },
  };
}
