const MINUTE = 60_000;
const FIRST = MINUTE / 2;
const LONGEST = 4 * 60 * MINUTE;

/** After so many attempts, about a day after the first, a message is given up. */
export const MOST_ATTEMPTS = 15;

/** Nothing is ever put off further than this, in milliseconds. */
export const FARTHEST = 2 * LONGEST;

/**
 * Milliseconds from the beginning of an attempt to the next one: half a minute, doubled each time up to four hours, a
 * fifth more or less so that many do not come back at once. Longer than an attempt can take, always: until then nobody
 * else takes the message. `random` is from [0, 1).
 */
export function pauseAfter(attempts: number, random: number): number {
  const plain = Math.min(FIRST * 2 ** Math.max(attempts - 1, 0), LONGEST);
  return Math.round(plain * (0.8 + 0.4 * random));
}
