import { DatabaseSync } from "node:sqlite";
import { postern } from "../../src/adapters/hono.ts";
import { sha256 } from "../../src/crypto/hash.ts";
import { snapshotSql } from "../../src/storage/session-snapshot.ts";
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
/** A process that has just begun has read nothing yet; so many of them ask in a round for all sessions, or `REQUESTS` of them. */
const BEGINNINGS = 3;

/** CPU microseconds per request, one number per round. */
export interface HotPathCost {
  /** Without a guard. */
  readonly bare: readonly number[];
  /** With a guard that has seen the session within the last second. */
  readonly cached: readonly number[];
  /** With a guard that reads the session from the store. */
  readonly uncached: readonly number[];
  /** What the statement alone takes that such a guard asks, on a connection that has just been opened; empty on servers. */
  readonly statement: readonly number[];
  /** What is written afterwards about one visit, at most once a minute for a session: when it was last seen. */
  readonly noted: readonly number[];
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
  const cost = {
    bare: [] as number[],
    cached: [] as number[],
    uncached: [] as number[],
    statement: [] as number[],
    noted: [] as number[],
  };
  let next = 0;
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const without = await cpuPerRequest(bare, cycle(familiar, 0, REQUESTS));
    await cpuPerRequest(guarded, familiar);
    const cached = await cpuPerRequest(guarded, cycle(familiar, 0, REQUESTS));
    const uncached: number[] = [];
    const statement: number[] = [];
    const noted: number[] = [];
    for (let beginning = 0; beginning < BEGINNINGS; beginning++) {
      const some = cycle(secrets, next, Math.min(REQUESTS, secrets.length));
      next += some.length;
      const beginner = await postern(optionsFor(database));
      uncached.push(await cpuPerRequest(call(guardedApplication(beginner)), some));
      noted.push((await cpuOf(() => beginner.close())) / some.length);
      if (database.startsWith("file:")) statement.push(await cpuOfStatement(database, some));
    }
    if (round < 0) continue;
    cost.bare.push(without);
    cost.cached.push(cached);
    cost.uncached.push(mean(uncached));
    if (statement.length > 0) cost.statement.push(mean(statement));
    cost.noted.push(mean(noted));
  }
  await door.close();
  return cost;
}

/** So many of the values, from `start` on and round again. */
function cycle<T>(values: readonly T[], start: number, count: number): readonly T[] {
  return Array.from({ length: count }, (_, n) => values[(start + n) % values.length] as T);
}

async function cpuPerRequest(serve: Serve, secrets: readonly string[]): Promise<number> {
  let next = 0;
  const lane = async () => {
    while (next < secrets.length) await serve(secrets[next++] ?? "");
  };
  const cpu = await cpuOf(() => Promise.all(Array.from({ length: AT_ONCE }, lane)));
  return cpu / secrets.length;
}

/** The same rows from the same file, with nothing done about them. */
async function cpuOfStatement(database: string, secrets: readonly string[]): Promise<number> {
  const hashes = secrets.map((secret) => sha256(secret));
  const reader = new DatabaseSync(database.slice("file:".length));
  reader.exec("pragma cache_size = -16000");
  const statement = reader.prepare(snapshotSql("sqlite"));
  statement.setReturnArrays(true);
  const cpu = await cpuOf(async () => {
    for (const hash of hashes) statement.get(hash, Date.now());
  });
  reader.close();
  return cpu / secrets.length;
}

/** In microseconds. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
