/**
 * What Redis saves and costs beside a database: `npm run bench:redis`. Starts servers of its own. Four instances are asked
 * for the same sessions, at random and each for each of them three times in a second, without Redis and with it; then what
 * one session costs that is read from the database, or found in Redis. With `--reads`, only that.
 */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { sha256 } from "../../src/crypto/hash.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { closeRuntime, openRuntime } from "../../src/postern.ts";
import { github } from "../../src/providers/github.ts";
import type { Runtime } from "../../src/runtime.ts";
import { authenticate } from "../../src/sessions/authenticate.ts";
import { freshMysqlDatabase, startMysql } from "../../test/support/mysql.ts";
import { freshDatabase, startPostgres } from "../../test/support/postgres.ts";
import { startRedis } from "../../test/support/redis.ts";
import { populate } from "../session/populate.ts";

const SESSIONS = 100;
const INSTANCES = 4;
const SECONDS = 8;
/** Milliseconds between two questions for the same session at the same instance. */
const EVERY = 333;
/** In which a session is read and found. */
const ROUNDS = 100;
/** Ticks of the kernel's clock in a second, as `/proc` counts. */
const TICKS = 100;

interface Cost {
  readonly asked: number;
  readonly reads: number;
  /** CPU milliseconds. */
  readonly instances: number;
  readonly database: number;
  readonly redis: number;
  readonly p99: number;
}

const [mysql, postgres, redis] = [await startMysql(), await startPostgres(), await startRedis()];
const databases = {
  MariaDB: { url: await freshMysqlDatabase(mysql.url), program: "mariadbd" },
  PostgreSQL: { url: await freshDatabase(postgres.url), program: "postgres" },
};
console.log(
  `${INSTANCES} instances, ${SESSIONS} sessions, each asked for every ${EVERY} ms at each, ${SECONDS} s`,
);
for (const [name, { url, program }] of Object.entries(databases)) {
  const secrets = await populate(url, SESSIONS, { provider: "github" });
  const turns = process.argv.includes("--reads") ? 0 : 3;
  for (const address of Array.from({ length: turns }, () => [undefined, redis.url]).flat()) {
    const cost = await measure(url, address, secrets, program);
    const each = (milliseconds: number) => ((1_000 * milliseconds) / cost.asked).toFixed(1).padStart(6);
    console.log(
      `${name.padEnd(10)} ${address === undefined ? "alone     " : "with Redis"}  ${cost.asked} asked, ` +
        `${(cost.reads / SECONDS).toFixed(0).padStart(5)} reads/s; CPU in µs for each asked: instance ${each(cost.instances)}, ` +
        `database ${each(cost.database)}, Redis ${each(cost.redis)}; p99 ${cost.p99.toFixed(1)} ms`,
    );
  }
  await compareReads({ name, database: url, program }, secrets.map(sha256));
}
await Promise.all([mysql.stop(), postgres.stop(), redis.stop()]);

async function measure(
  database: string,
  address: string | undefined,
  secrets: readonly string[],
  program: string,
): Promise<Cost> {
  let reads = 0;
  const instances = await Promise.all(
    Array.from({ length: INSTANCES }, () => open(database, address, () => reads++)),
  );
  // Connections, statements and the first beats.
  await ask(instances, secrets, 3);
  reads = 0;
  const [before, servers, caches] = [process.cpuUsage(), cpuOf(program), cpuOf("redis-server")];
  const waits = await ask(instances, secrets, SECONDS);
  const { user, system } = process.cpuUsage(before);
  const cost = {
    asked: waits.length,
    reads,
    instances: (user + system) / 1_000,
    database: cpuOf(program) - servers,
    redis: cpuOf("redis-server") - caches,
    p99: waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Number.NaN,
  };
  for (const runtime of instances) await closeRuntime(runtime);
  return cost;
}

async function open(database: string, address: string | undefined, onRead: () => void): Promise<Runtime> {
  const runtime = await openRuntime({
    publicUrl: "https://admin.example.com",
    secret: "a-secret-for-measuring-0123456789-abcdef",
    database,
    redis: address,
    providers: [github({ clientId: "client-1", clientSecret: "secret-of-the-client" })],
    log: SILENT_LOG,
  });
  runtime.store.sharedMemory?.start();
  const { sessions } = runtime.store;
  const findBySecretHash: typeof sessions.findBySecretHash = (hash) => {
    onRead();
    return sessions.findBySecretHash(hash);
  };
  return { ...runtime, store: { ...runtime.store, sessions: { ...sessions, findBySecretHash } } };
}

/** Spreads the questions evenly over the time; answers how long each took, in milliseconds. */
async function ask(
  instances: readonly Runtime[],
  secrets: readonly string[],
  seconds: number,
): Promise<readonly number[]> {
  const waits: number[] = [];
  const each = instances.length * secrets.length;
  const began = performance.now();
  let done = 0;
  const pending: Promise<void>[] = [];
  while (performance.now() - began < seconds * 1_000) {
    const due = Math.floor(((performance.now() - began) / EVERY) * each);
    for (; done < due; done++) {
      const runtime = oneOf(instances);
      const secret = oneOf(secrets);
      pending.push(timed(runtime, secret, waits));
    }
    await setTimeout(1);
  }
  await Promise.all(pending);
  return waits;
}

function oneOf<T>(values: readonly T[]): T {
  return values[Math.floor(Math.random() * values.length)] as T;
}

async function timed(runtime: Runtime, secret: string, waits: number[]): Promise<void> {
  const asked = performance.now();
  if ((await authenticate(runtime, secret)) === null) throw new Error("Somebody was not let in.");
  waits.push(performance.now() - asked);
}

/** By turns, so that whatever else the machine does hits both; the first half is not counted. */
async function compareReads(
  { name, database, program }: { name: string; database: string; program: string },
  hashes: readonly string[],
): Promise<void> {
  const [writer, reader] = [
    await open(database, redis.url, () => {}),
    await open(database, redis.url, () => {}),
  ];
  const read = { instance: 0, server: 0, rounds: 0 };
  const found = { instance: 0, server: 0, rounds: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuOf(program);
    const reading = await cpuOfEach(hashes, async (hash) => reader.store.sessions.findBySecretHash(hash));
    const between = cpuOf(program);
    const snapshots = await Promise.all(hashes.map((hash) => writer.store.sessions.findBySecretHash(hash)));
    const witnesses = writer.sessionCache.shared?.witnesses() ?? [];
    for (const [index, snapshot] of snapshots.entries())
      if (snapshot !== null) writer.sessionCache.shared?.put(hashes[index] ?? "", snapshot, witnesses);
    let hits = 0;
    const caches = cpuOf("redis-server");
    const finding = await cpuOfEach(hashes, async (hash) => {
      if ((await reader.sessionCache.shared?.find(hash)) != null) hits++;
    });
    if (round >= ROUNDS / 2) {
      add(read, reading, between - before);
      // Not where something was missing, because the machine was busy or PostgreSQL tells of changes itself.
      if (hits === hashes.length) add(found, finding, cpuOf("redis-server") - caches);
    }
    await setTimeout(20);
  }
  const told = ({ instance, server, rounds }: typeof read) =>
    rounds === 0
      ? "not at all"
      : `instance ${(instance / rounds).toFixed(0)}, server ${((1_000 * server) / rounds / hashes.length).toFixed(0)}`;
  console.log(
    `${name.padEnd(10)} CPU in µs for one session: read ${told(read)}; found in Redis ${told(found)}`,
  );
  for (const runtime of [writer, reader]) await closeRuntime(runtime);
}

function add(
  sum: { instance: number; server: number; rounds: number },
  instance: number,
  server: number,
): void {
  sum.instance += instance;
  sum.server += server;
  sum.rounds++;
}

async function cpuOfEach(
  hashes: readonly string[],
  work: (hash: string) => Promise<unknown>,
): Promise<number> {
  const before = process.cpuUsage();
  for (let next = 0; next < hashes.length; next += 10)
    await Promise.all(hashes.slice(next, next + 10).map(work));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / hashes.length;
}

/** CPU milliseconds of our own servers of that name, so far. */
function cpuOf(program: string): number {
  const processes = readdirSync("/proc").flatMap((id) => (/^\d+$/.test(id) ? statOf(id) : []));
  const ours = new Set([process.pid]);
  // Parents are older than their children, and numbers may begin again: as often as it still finds one.
  for (let found = true; found; ) {
    found = false;
    for (const { id, parent } of processes)
      if (ours.has(parent) && !ours.has(id)) {
        ours.add(id);
        found = true;
      }
  }
  return processes
    .filter(({ id, name }) => ours.has(id) && name === program)
    .reduce((sum, { ticks }) => sum + (1_000 * ticks) / TICKS, 0);
}

function statOf(id: string) {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // Of the children that have ended as well: PostgreSQL has a process for each connection.
    const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0);
    return [{ id: Number(id), parent: Number(fields[1]), name, ticks }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}
