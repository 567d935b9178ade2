import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { isSuspended, secretOf } from "./people.ts";

/** As many are handed over at once. */
const BATCH = 10_000;

/** A process that has seen many sessions. Sizes in bytes. */
export interface MemoryUse {
  readonly seen: number;
  /** The most that was resident. */
  readonly largest: number;
}

/** What a process is started with that shall stay small: V8 else fills what the machine offers before it cleans up. */
export const SMALL = "--max-heap-size=128";

/**
 * Lets a process of its own, with the built package and the words of Node.js given, see all sessions of a database that
 * `fill` has made.
 */
export async function measureMemory(
  database: string,
  people: number,
  execArgv: readonly string[],
): Promise<MemoryUse> {
  const options = { execArgv: [...execArgv] };
  const child = fork(join(import.meta.dirname, "memory-process.js"), [database], options);
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`It ended with ${code}.`)));
  // Whoever waits for an answer hears of it.
  ended.catch(() => {});
  const answer = async () => (await Promise.race([once(child, "message"), ended]))[0];
  await answer();
  let use: MemoryUse = { seen: 0, largest: 0 };
  for (let start = 0; start < people; start += BATCH) {
    child.send(secretsOf(start, Math.min(people, start + BATCH)));
    use = await answer();
  }
  child.disconnect();
  return use;
}

/** Of everybody who may come in. */
export function secretsOf(from: number, end: number): readonly string[] {
  const numbers = Array.from({ length: end - from }, (_, index) => from + index);
  return numbers.filter((n) => !isSuspended(n)).map(secretOf);
}
