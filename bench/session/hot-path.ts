import { setTimeout } from "node:timers/promises";
import { postern } from "../../src/adapters/hono.ts";
import { openRawDatabase } from "../../test/support/raw-database.ts";
import {
  type Application,
  bareApplication,
  guardedApplication,
  optionsFor,
  type Serve,
} from "./applications.ts";

const ROUNDS = 12;
/** The first ones are not counted: the compiler is still at work. */
const WARM_UP_ROUNDS = 2;
/** Counted requests of each kind in a round. */
const REQUESTS = 20_000;
const CACHED_SESSIONS = 1_000;
/** Requests under way at once: one after the other, a process would mostly pay for waking up. */
const AT_ONCE = 8;
/** Milliseconds after which nothing that was cached is used again once the store has changed. */
const CACHE_LIFETIME = 1_000;

/** CPU microseconds per request, one number per round. */
export interface HotPathCost {
  /** Without a guard. */
  readonly bare: readonly number[];
  /** With a guard that has seen the session within the last second. */
  readonly cached: readonly number[];
  /** With a guard that reads the session from the store. */
  readonly uncached: readonly number[];
}

/** Measures by turns, so that whatever else the machine does hits all of them: bare, cached, uncached, bare, … */
export async function measureHotPath(
  database: string,
  secrets: readonly string[],
  call: (application: Application) => Serve,
): Promise<HotPathCost> {
  const door = await postern(optionsFor(database));
  const bare = call(bareApplication());
  const guarded = call(guardedApplication(door));
  const familiar = cycle(secrets, 0, CACHED_SESSIONS);
  const cost = { bare: [] as number[], cached: [] as number[], uncached: [] as number[] };
  let next = 0;
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const without = await cpuPerRequest(bare, cycle(familiar, 0, REQUESTS));
    await cpuPerRequest(guarded, familiar);
    const cached = await cpuPerRequest(guarded, cycle(familiar, 0, REQUESTS));
    const uncached: number[] = [];
    // Each session once while the cache is empty, so that none is found there.
    for (let done = 0; done < REQUESTS && uncached.length < 2; done += secrets.length) {
      await emptyCaches(database);
      uncached.push(await cpuPerRequest(guarded, cycle(secrets, next, Math.min(REQUESTS, secrets.length))));
      next += REQUESTS;
    }
    if (round < 0) continue;
    cost.bare.push(without);
    cost.cached.push(cached);
    cost.uncached.push(mean(uncached));
  }
  await door.close();
  return cost;
}

/** So many of the values, from `start` on and round again. */
function cycle<T>(values: readonly T[], start: number, count: number): readonly T[] {
  return Array.from({ length: count }, (_, n) => values[(start + n) % values.length] as T);
}

async function cpuPerRequest(serve: Serve, secrets: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  let next = 0;
  const lane = async () => {
    while (next < secrets.length) await serve(secrets[next++] ?? "");
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / secrets.length;
}

/** A change by somebody else, and the time after which no process may go on with what it knew. */
async function emptyCaches(database: string): Promise<void> {
  const raw = await openRawDatabase(database);
  await raw.rows(
    "update postern_users set last_sign_in_at = last_sign_in_at + 1 where id = (select min(id) from postern_users)",
  );
  await raw.close();
  await setTimeout(CACHE_LIFETIME);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
