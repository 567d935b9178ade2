import { below } from "../../support/seeded.ts";
import type { House } from "./house.ts";

type Fault = "kill" | "database" | "redis";

/** In this order, again and again. */
const ROUND: readonly Fault[] = ["kill", "database", "redis", "kill", "kill"];
/** Longest that a server is away between its end and its start, in milliseconds. */
const AWAY = 800;

export interface Weather {
  /** Says how far the sign-ins are; lets the next fault begin when it is its turn. */
  at(tried: number): void;
  /** How many are over. */
  passed(): number;
  /** Lets no more begin; resolves when everything runs again. */
  clear(): Promise<Readonly<Record<Fault, number>>>;
}

/** One fault every so many sign-ins, one at a time. */
export function stormy(house: House, random: () => number, every: number): Weather {
  const counts: Record<Fault, number> = { kill: 0, database: 0, redis: 0 };
  let begun = 0;
  let last: Promise<void> = Promise.resolve();
  let isUnderWay = false;

  const strike = async (fault: Fault): Promise<void> => {
    if (fault === "kill") await house.killOne();
    if (fault === "database") await house.restartDatabase(below(random, AWAY));
    if (fault === "redis") await house.restartRedis(below(random, AWAY));
    counts[fault]++;
  };
  return {
    at(tried) {
      if (isUnderWay || tried < (begun + 1) * every) return;
      const fault = ROUND[begun % ROUND.length] ?? "kill";
      begun++;
      isUnderWay = true;
      last = strike(fault).finally(() => {
        isUnderWay = false;
      });
      // Whoever clears the weather hears of it.
      last.catch(() => {});
    },
    passed: () => counts.kill + counts.database + counts.redis,
    async clear() {
      isUnderWay = true;
      await last;
      return counts;
    },
  };
}
