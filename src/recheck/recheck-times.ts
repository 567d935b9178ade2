import type { Settings } from "../options.ts";

type Times = NonNullable<Settings["recheck"]>;

/** The longest that somebody is put off while their provider cannot be asked, in milliseconds. */
const LONGEST = 4 * 60 * 60_000;

/**
 * Milliseconds until somebody is looked at again: the interval, a tenth more or less so that many who came together do
 * not stay together, and twice as long after each failure. `random` is from [0, 1).
 */
export function untilNext({ interval }: Pick<Times, "interval">, failures: number, random: number): number {
  const plain = Math.min(interval * 2 ** Math.min(failures, 20), Math.max(interval, LONGEST));
  return Math.round(plain * (0.9 + 0.2 * random));
}

/** Nobody is ever put off further than this, in milliseconds. */
export function farthest({ interval }: Pick<Times, "interval">): number {
  return 2 * Math.max(interval, LONGEST);
}

/** True when nobody has vouched for them for so long that they must sign in again. */
export function isOverdue({ grace }: Pick<Times, "grace">, confirmedAt: number, now: number): boolean {
  return now - confirmedAt >= grace;
}
