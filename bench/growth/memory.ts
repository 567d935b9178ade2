import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A process that has seen many sessions. Sizes in bytes. */
export interface MemoryUse {
  /** Resident at the end, and the most there was. */
  readonly rss: number;
  readonly largest: number;
  /** Sessions that it still keeps, and the heap that one takes. */
  readonly cached: number;
  readonly entry: number;
}

/** Lets a process of its own see all sessions of a database that `fill` has made. */
export async function measureMemory(database: string, people: number): Promise<MemoryUse> {
  const script = join(import.meta.dirname, "memory-process.ts");
  const child = fork(script, [database, String(people)], { execArgv: ["--expose-gc"] });
  const [use] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then(([code]) => Promise.reject(new Error(`It ended with ${code}.`))),
  ]);
  return use;
}
