import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import type { Postern } from "../../../src/index.ts";
import { visitPostern } from "../../../src/postern.ts";
import type { Endpoint } from "../../../src/rehearsal/endpoints.ts";
import { startRehearsal } from "../../../src/rehearsal/start-rehearsal.ts";
import { rehearsalProviders, SECRET } from "../../support/back-office.ts";
import {
  type BackOfficeProcess,
  type SpawnOptions,
  spawnBackOffice,
} from "../../support/back-office-process.ts";
import { type Balancer, startBalancer } from "../../support/balancer.ts";
import type { Span } from "../../support/load.ts";
import { freshDatabase, type PostgresServer, startPostgres } from "../../support/postgres.ts";
import { type RedisServer, startRedis } from "../../support/redis.ts";

const PROCESSES = 3;

/** What our back channel asks of the provider. */
const BACK_CHANNEL: readonly Endpoint[] = [
  "discovery",
  "jwks",
  "token",
  "userinfo",
  "github.token",
  "github.user",
  "github.emails",
];

/** A back office of three processes behind one address, with all that it stands on, started for this alone. */
export interface House {
  readonly balancer: Balancer;
  readonly database: string;
  /** An administrator at the command line. */
  readonly door: Postern;
  /** The processes that run at the moment. */
  urls(): readonly string[];
  /** Kills the process whose turn it is (`kill -9`) and starts another; resolves when that answers. */
  killOne(): Promise<void>;
  /** Stops the database and starts it again after so many milliseconds. */
  restartDatabase(away: number): Promise<void>;
  /** The same with Redis, which forgets everything. */
  restartRedis(away: number): Promise<void>;
  /** From now on the provider answers always; processes that leave it alone try again within ten seconds. */
  recover(): void;
  /** When the database was away, and when a process was killed. */
  readonly outages: readonly Span[];
  readonly kills: readonly Span[];
  /** Everything that the processes have logged. */
  log(): string;
  close(): Promise<void>;
}

export interface HouseOptions {
  /** Decides whether the provider answers; from [0, 1). */
  readonly random: () => number;
}

/** Opens it; the provider answers about every second time. */
export async function openHouse({ random }: HouseOptions): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "postern-faults-"));
  const logFile = join(folder, "log");
  const [postgres, redis] = [await startPostgres(), await startRedis()];
  const [rehearsal, balancer] = [await startRehearsal(), await startBalancer()];
  const database = await freshDatabase(postgres.url);
  const shared = { publicUrl: balancer.url, redis: redis.url, limits: false as const };
  const told: SpawnOptions = { rehearsalUrl: rehearsal.url, database, logFile, options: shared };
  const offices = await Promise.all(Array.from({ length: PROCESSES }, () => spawnBackOffice(told)));
  for (const { url } of offices) balancer.add(url);
  const door = await visitPostern({
    ...shared,
    secret: SECRET,
    database,
    providers: rehearsalProviders(rehearsal.url),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  for (const endpoint of BACK_CHANNEL) rehearsal.delay(endpoint, () => answerSometimes(random));
  const outages: Span[] = [];
  const kills: Span[] = [];
  return {
    ...{ balancer, database, door, outages, kills },
    urls: () => offices.map(({ url }) => url),
    killOne: () => killOne(offices, { balancer, told, kills }),
    restartDatabase: (away) => restartDatabase(postgres, away, outages),
    restartRedis: (away) => restartRedis(redis, away),
    recover: () => {
      for (const endpoint of BACK_CHANNEL) rehearsal.delay(endpoint, null);
    },
    log: () => readFileSync(logFile, "utf8"),
    async close() {
      await Promise.all(offices.map((office) => office.kill()));
      await door.close();
      await balancer.close();
      await rehearsal.close();
      await redis.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The rest of the time the provider answers with status 500, as its server does when something is thrown. */
function answerSometimes(random: () => number): void {
  if (random() < 0.5) throw new Error("The provider has a bad day.");
}

interface Killing {
  readonly balancer: Balancer;
  readonly told: SpawnOptions;
  readonly kills: Span[];
}

async function killOne(offices: BackOfficeProcess[], { balancer, told, kills }: Killing): Promise<void> {
  const victim = offices.shift();
  if (victim === undefined) return;
  const from = performance.now();
  await victim.kill();
  balancer.remove(victim.url);
  kills.push({ from, to: performance.now() });
  const office = await spawnBackOffice(told);
  offices.push(office);
  balancer.add(office.url);
}

async function restartDatabase(postgres: PostgresServer, away: number, outages: Span[]): Promise<void> {
  const from = performance.now();
  await postgres.restart(() => setTimeout(away));
  outages.push({ from, to: performance.now() });
}

async function restartRedis(redis: RedisServer, away: number): Promise<void> {
  await redis.kill();
  await setTimeout(away);
  await redis.start();
}
