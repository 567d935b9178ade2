import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createPostern } from "../../src/index.ts";
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
  const door = await createPostern(optionsFor(database));
  const some = secrets.slice(0, CACHED_SESSIONS).map((secret) => `postern=${secret}`);
  const askAll = async () => {
    for (const cookie of some) await door.authenticate({ headers: { cookie } });
  };
  const [first = ""] = some;
  await door.authenticate({ headers: { cookie: first } });
  const before = heapUsed();
  await askAll();
  const after = heapUsed();
  await door.close();
  return (after - before) / some.length;
}

function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error("Run with --expose-gc.");
  for (let turn = 0; turn < 3; turn++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
