import { setTimeout as wait } from "node:timers/promises";
import { idFloor } from "../../src/crypto/random.ts";
import { type HousekeepingReport, keepHouse } from "../../src/housekeeping/keep-house.ts";
import { authenticate } from "../../src/sessions/authenticate.ts";
import { createLastSeen } from "../../src/sessions/last-seen.ts";
import { openRawDatabase } from "./raw-database.ts";
import { arrive, type VerbRuntime } from "./verb-runtime.ts";

const DAY = 24 * 60 * 60_000;
const OLD = Date.UTC(2020, 0, 1);

/** Fills a migrated database with so many ended sessions and as many events of long ago. */
export async function fillWithOldRows(database: string, rows: number): Promise<void> {
  const raw = await openRawDatabase(database);
  const run = async (statement: string) => void (await raw.rows(statement));
  const floor = idFloor("aud_", OLD);
  try {
    const isSqlite = database.startsWith("file:");
    const numbers = isSqlite
      ? `(with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${rows}) select n from counted)`
      : `generate_series(1, ${rows}) as numbers(n)`;
    const random = isSqlite ? "lower(hex(randomblob(16)))" : "md5(random()::text || n)";
    const padded = isSqlite ? "printf('%016d', n)" : "lpad(n::text, 16, '0')";
    await run(
      `insert into postern_users (id, status, created_at) values ('usr_old', 'active', ${OLD})${isSqlite ? " returning id" : ""}`,
    );
    await run(`insert into postern_sessions (id, user_id, secret_hash, provider, identity_id, created_at, authenticated_at, last_seen_at, expires_at, user_agent, address)
      select 'ses_' || ${random}, 'usr_old', ${random} || n, 'rehearsal', 'idn_old', ${OLD}, ${OLD}, ${OLD} + n, ${OLD} + ${7 * DAY} + n, 'Mozilla/5.0 (X11; Linux x86_64)', '203.0.113.7' from ${numbers}`);
    await run(`insert into postern_audit (id, at, action, actor, target, reference, reason, address, detail)
      select '${floor}' || ${padded}, ${OLD}, 'login.succeeded', 'usr_old', 'ses_' || ${random}, null, null, '203.0.113.7', '{"provider":"rehearsal","replaced":null}' from ${numbers}`);
  } finally {
    await raw.close();
  }
}

/** How long things took, in milliseconds. */
export interface Timings {
  readonly checks: readonly number[];
  readonly signIns: readonly number[];
}

export interface Measured {
  /** As long as nobody keeps house, and while somebody does. */
  readonly quiet: Timings;
  readonly during: Timings;
  readonly removed: HousekeepingReport | null;
  readonly seconds: number;
  /** Pauses that were left to others, in milliseconds. */
  readonly pauses: readonly number[];
}

/** Checks a session every 5 milliseconds and lets somebody sign in ten times a second; keeps house meanwhile. */
export async function measureHousekeeping(runtime: VerbRuntime, quietFor: number): Promise<Measured> {
  const quiet = await watch(runtime, "quiet", wait(quietFor));
  const pauses: number[] = [];
  const began = performance.now();
  const keeping = keepHouse(runtime, {
    actor: "system",
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      await wait(milliseconds);
      return true;
    },
  });
  const during = await watch(runtime, "during", keeping);
  const removed = await keeping;
  return { quiet, during, removed, seconds: (performance.now() - began) / 1_000, pauses };
}

async function watch(runtime: VerbRuntime, name: string, until: Promise<unknown>): Promise<Timings> {
  const admission = await arrive(runtime, `watcher-${name}`);
  if (admission.kind !== "admitted") throw new Error(admission.code);
  const lastSeen = createLastSeen(runtime.store, runtime.log);
  let isOver = false;
  void until.finally(() => {
    isOver = true;
  });
  const again = async (pause: number, act: () => Promise<unknown>): Promise<number[]> => {
    const took: number[] = [];
    for (let due = performance.now(); !isOver; due += pause) {
      await wait(Math.max(due - performance.now(), 0));
      // From when it was due: whoever has to wait for the thread waits too.
      await act();
      took.push(performance.now() - due);
      due = Math.max(due, performance.now() - pause);
    }
    return took;
  };
  const check = async () => {
    // Never from the cache: what is asked is how long the store takes.
    runtime.sessionCache.clear();
    if ((await authenticate({ ...runtime, lastSeen }, admission.secret)) === null)
      throw new Error("signed out");
  };
  let people = 0;
  const signIn = async () => {
    const arrived = await arrive(runtime, `${name}-${people++}`);
    if (arrived.kind !== "admitted") throw new Error(arrived.code);
  };
  const [checks, signIns] = await Promise.all([again(5, check), again(100, signIn)]);
  await lastSeen.close();
  return { checks, signIns };
}
