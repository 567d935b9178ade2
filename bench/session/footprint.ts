import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createPostern } from "../../src/index.ts";
import { openRawDatabase } from "../../test/support/raw-database.ts";
import { optionsFor } from "./applications.ts";

/** Milliseconds after which a process that nobody asks anything counts as idle. */
const IDLE = 2_000;
const CACHED_SESSIONS = 20_000;

export interface Start {
  /** From the start of the process to the first request that was answered, in milliseconds. */
  readonly firstAnswer: number;
  /** Resident memory when idle, in MiB. */
  readonly rss: number;
}

/** Starts a small application on the built package, with a new SQLite file. */
export async function measureStart(database: string): Promise<Start> {
  const startedAt = performance.now();
  const child = fork(join(import.meta.dirname, "small-application.js"), [database]);
  const [{ port }] = await once(child, "message");
  const response = await fetch(`http://127.0.0.1:${port}/auth/session`);
  await response.text();
  const firstAnswer = performance.now() - startedAt;
  if (response.status !== 401) throw new Error(`The session door answered ${response.status}.`);

  await setTimeout(IDLE);
  const told = once(child, "message");
  child.send("how large");
  const [{ rss }] = await told;
  child.disconnect();
  return { firstAnswer, rss: rss / 2 ** 20 };
}

/** Bytes of heap that one cached session takes. Needs `--expose-gc`. */
export async function measureCachedSession(database: string, secrets: readonly string[]): Promise<number> {
  const some = secrets.slice(0, CACHED_SESSIONS);
  // Nobody's visit is to be noted: such notes are no part of what is kept.
  const raw = await openRawDatabase(database);
  await raw.rows(`update postern_sessions set last_seen_at = ${Date.now()}`);
  await raw.close();

  const door = await createPostern(optionsFor(database));
  // Cookies are made when they are needed: looking into one makes its text anew, and those would be counted.
  const ask = (secret: string) => door.authenticate({ headers: { cookie: `postern=${secret}` } });
  await ask(some[0] ?? "");
  const before = await heapUsed();
  for (const secret of some) await ask(secret);
  const after = await heapUsed();
  await door.close();
  return (after - before) / some.length;
}

/** When the compiler has given back what it worked with, about a second later. */
async function heapUsed(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error("Run with --expose-gc.");
  await setTimeout(IDLE);
  for (let turn = 0; turn < 3; turn++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
