import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { sha256 } from "../../src/crypto/hash.ts";
import { randomToken } from "../../src/crypto/random.ts";
import { createSealer } from "../../src/crypto/seal.ts";
import type { Principal } from "../../src/model/principal.ts";
import { createPostern, openRuntime, visitPostern } from "../../src/postern.ts";
import { github } from "../../src/providers/github.ts";
import type { Runtime } from "../../src/runtime.ts";
import { authenticate } from "../../src/sessions/authenticate.ts";
import { endSession } from "../../src/sessions/end-session.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { SECRET } from "../support/back-office.ts";
import { freePort } from "../support/free-port.ts";
import { withoutNotices } from "../support/mute-postgres.ts";
import { freshMysqlDatabase, type MysqlServer, startMysql } from "../support/mysql.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-runtime.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type RedisServer, startRedis } from "../support/redis.ts";

/** How long somebody may still come in after a change, in milliseconds. */
const BOUND = 1_000;
const BY = { actor: "test:redis", reason: "signed_out", address: null } as const;

let mysql: MysqlServer;
const endings: (() => unknown)[] = [];
beforeAll(async () => {
  mysql = await startMysql();
}, 120_000);
afterAll(async () => {
  for (const end of endings) await end();
  await mysql.stop();
});

const ENGINES = {
  MariaDB: () => freshMysqlDatabase(mysql.url),
  "PostgreSQL without notices": async () =>
    withoutNotices(await freshDatabase(), (end) => void endings.push(end)),
};

/** One of several instances on one database, and how often it reads a session there. */
interface Instance extends TestRuntime {
  readonly reads: () => number;
  knock(secret: string): Promise<Principal | null>;
}

async function instance(database: string, redis: string): Promise<Instance> {
  const opened = await openTestRuntime({ database, redis, autoMigrate: true });
  opened.runtime.store.sharedMemory?.start();
  let reads = 0;
  const { store } = opened.runtime;
  const counting: Runtime = {
    ...opened.runtime,
    store: {
      ...store,
      sessions: {
        ...store.sessions,
        findBySecretHash: (secretHash) => {
          reads++;
          return store.sessions.findBySecretHash(secretHash);
        },
      },
    },
  };
  return { ...opened, reads: () => reads, knock: async (secret) => authenticate(counting, secret) };
}

function optionsOf(database: string, redis: string) {
  return {
    publicUrl: "https://admin.example.com",
    secret: SECRET,
    database,
    redis,
    providers: [github({ clientId: "client-1", clientSecret: "secret-of-the-client" })],
  };
}

async function signedIn({ signIn }: TestRuntime) {
  const { userId, cookie } = await signIn("member");
  return { userId, secret: cookie.slice(cookie.indexOf("=") + 1) };
}

function channelOf({ runtime }: Instance): string {
  return `postern:${runtime.sealer.keyId}:notices`;
}

/** Until each has heard something new of the others. */
async function nextBeats(...instances: readonly Instance[]): Promise<void> {
  const before = instances.map(({ runtime }) => runtime.sessionCache.shared?.witnesses() ?? []);
  await acquainted(...instances);
  await vi.waitFor(
    () => {
      for (const [index, { runtime }] of instances.entries())
        for (const beat of runtime.sessionCache.shared?.witnesses() ?? [])
          expect(before[index]).not.toContain(beat);
    },
    { timeout: 15_000, interval: 10 },
  );
}

/** Until each has heard the other. */
async function acquainted(...instances: readonly Instance[]): Promise<void> {
  await vi.waitFor(
    () => {
      for (const { runtime } of instances) {
        runtime.store.signals.look(performance.now());
        expect(runtime.sessionCache.shared?.witnesses().length).toBeGreaterThanOrEqual(instances.length - 1);
      }
    },
    { timeout: 15_000, interval: 10 },
  );
}

/** Knocks at all of them without a pause until none opens; answers how long after `since` one still did. */
async function staleness(instances: readonly Instance[], secret: string, since: number): Promise<number> {
  let lastOpen = since;
  for (;;) {
    const asked = performance.now();
    const open = await Promise.all(instances.map(({ knock }) => knock(secret)));
    if (open.every((principal) => principal === null)) return lastOpen - since;
    lastOpen = asked;
  }
}

describe.each(Object.keys(ENGINES) as (keyof typeof ENGINES)[])("two instances on %s", (engine) => {
  let redis: RedisServer;
  let database: string;
  let [a, b] = [] as unknown as [Instance, Instance];
  beforeAll(async () => {
    [redis, database] = await Promise.all([startRedis(), ENGINES[engine]()]);
    a = await instance(database, redis.url);
    b = await instance(database, redis.url);
    await acquainted(a, b);
  });
  afterAll(async () => {
    await Promise.all([a?.close(), b?.close()]);
    await redis?.stop();
  });

  /** Lets `b` find what `a` has read in Redis; answers the key. */
  async function shared(secret: string): Promise<string> {
    const key = `postern:${a.runtime.sealer.keyId}:session:${sha256(secret)}`;
    // What a beat of before the sign-in proves is older than that.
    await nextBeats(a, b);
    // Again where Redis was too slow for a moment to be asked.
    await vi.waitFor(
      async () => {
        a.runtime.sessionCache.clear();
        expect(await a.knock(secret)).not.toBeNull();
        await vi.waitFor(async () => expect(await redis.ask("exists", key)).toBe(1), 200);
      },
      { timeout: 10_000, interval: 1 },
    );
    return key;
  }

  test("what one has read lately, the other need not read", async () => {
    const { secret } = await signedIn(a);
    await vi.waitFor(async () => {
      // On a busy machine what was read may be too old when the other asks.
      b.runtime.sessionCache.clear();
      const before = b.reads();
      await shared(secret);
      expect((await b.knock(secret))?.user.roles).toEqual(["member"]);
      expect(b.reads()).toBe(before);
    }, 10_000);
  });

  test("a sign-out at one is known to the other at once", async () => {
    await vi.waitFor(async () => {
      const { secret, userId } = await signedIn(a);
      const principal = await b.knock(secret);
      await endSession(a.runtime, { id: principal?.session.id ?? "", userId }, BY);
      // Without being told, it would take 900.
      expect(await staleness([a, b], secret, performance.now())).toBeLessThan(300);
    }, 10_000);
  });

  test("the command line tells as well, before it ends", async () => {
    const { secret, userId } = await signedIn(a);
    const session = (await a.knock(secret))?.session.id;
    const told: unknown[] = [];
    await overhear(redis, channelOf(a), (message) =>
      told.push(a.runtime.sealer.open("redis-notice", message)),
    );
    const visit = await visitPostern(optionsOf(database, redis.url));
    await visit.sessions.endAllOf(userId, "cli:test");
    await visit.close();
    await vi.waitFor(() => expect(told).toContainEqual({ changed: [session] }));
    expect(await staleness([a, b], secret, performance.now())).toBeLessThan(BOUND);
  });

  test("when whoever ended a session dies before telling, nobody comes in for longer than a second", async () => {
    const { secret, userId } = await signedIn(a);
    const silent = await openStore(database, a.runtime);
    onTestFinished(() => silent.close());
    await Promise.all([a.knock(secret), b.knock(secret)]);
    await silent.transaction((tx) => tx.sessions.deleteOfUser(userId));
    expect(await staleness([a, b], secret, performance.now())).toBeLessThan(BOUND);
  });

  test("a Redis that repeats for ever what it once heard makes nobody believe it for longer", async () => {
    const { secret, userId } = await signedIn(a);
    const key = await shared(secret);
    const sealed = String(await redis.ask("get", key));
    const channel = channelOf(a);
    const heard: string[] = [];
    const liar = await overhear(redis, channel, (message) => heard.push(message));
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(4));
    const silent = await openStore(database, a.runtime);
    onTestFinished(() => silent.close());
    await silent.transaction((tx) => tx.sessions.deleteOfUser(userId));
    const since = performance.now();
    let over = false;
    const lying = (async () => {
      while (!over) {
        await liar.set(key, sealed);
        // Only those of before: what is heard now includes our own repetitions.
        for (const message of heard.slice(0, 5)) await liar.publish(channel, message);
      }
    })();
    expect(await staleness([a, b], secret, since)).toBeLessThan(BOUND);
    over = true;
    await lying;
    expect(await b.knock(secret)).toBeNull();
  });

  test("what somebody else writes there opens no door and closes none", async () => {
    const [ada, eve] = [await signedIn(a), await signedIn(a)];
    const keyOfEve = await shared(eve.secret);
    const ofEve = String(await redis.ask("get", keyOfEve));
    const nobody = randomToken();
    const prefix = keyOfEve.slice(0, keyOfEve.lastIndexOf(":") + 1);
    const foreign = createSealer(["another-secret-0123456789-abcdefghijkl"]);
    const forged = foreign.seal("redis-session", { witnesses: [], snapshot: {} }, `1:${sha256(nobody)}`);
    for (const rubbish of [ofEve, forged, "", "{}", "\u0000\u00ff", "v1.x.y", "x".repeat(1_000_000)]) {
      for (const secret of [ada.secret, nobody]) await redis.ask("set", prefix + sha256(secret), rubbish);
      expect(await b.knock(nobody)).toBeNull();
      expect((await b.knock(ada.secret))?.user.id).toBe(ada.userId);
      b.runtime.sessionCache.clear();
    }
    await redis.ask("del", prefix + sha256(ada.secret));
    await redis.ask("lpush", prefix + sha256(ada.secret), "not a text");
    expect((await b.knock(ada.secret))?.user.id).toBe(ada.userId);
    const channel = channelOf(a);
    const entry = b.runtime.sessionCache.get(sha256(ada.secret));
    for (const message of ["", "null", foreign.seal("redis-notice", { changed: null })])
      await redis.ask("publish", channel, message);
    await redis.ask("publish", channel, b.runtime.sealer.seal("redis-notice", { changed: ["usr_other"] }));
    expect(entry).toBeDefined();
    expect(b.runtime.sessionCache.get(sha256(ada.secret))).toBe(entry);
  });

  test("whoever steals what is in Redis learns neither who is signed in nor how", async () => {
    const { secret, userId } = await signedIn(a);
    const key = await shared(secret);
    await a.runtime.store.sharedMemory?.counter.add("203.0.113.7", 60_000, 1);
    const dump = [String(await redis.ask("get", key)), ...((await redis.ask("keys", "*")) as string[])].join(
      "\n",
    );
    for (const told of [secret, userId, "Ana", "member", "203.0.113.7"]) expect(dump).not.toContain(told);
  });

  test("counts on all instances together, and begins anew when the window is over", async () => {
    const [one, two] = [a.runtime.store.sharedMemory?.counter, b.runtime.store.sharedMemory?.counter];
    const key = randomToken();
    expect([await one?.add(key, 60_000, 1), await two?.add(key, 60_000, 5)]).toEqual([1, 6]);
    const short = randomToken();
    expect(await one?.add(short, 50, 3)).toBe(3);
    await vi.waitFor(async () => expect(await two?.add(short, 50, 0)).toBe(0), { interval: 60 });
  });

  test("emptied, killed, stopped and back again: everybody stays in, and putting out takes a second at most", async () => {
    const { secret, userId } = await signedIn(a);
    const everybodyStaysIn = async (milliseconds: number) => {
      const until = performance.now() + milliseconds;
      while (performance.now() < until) {
        for (const { knock } of [a, b]) expect((await knock(secret))?.user.id).toBe(userId);
      }
    };
    await redis.ask("flushall");
    await everybodyStaysIn(300);
    redis.pause();
    await everybodyStaysIn(1_500);
    redis.resume();
    await redis.kill();
    await everybodyStaysIn(1_500);
    expect(await a.runtime.store.sharedMemory?.counter.add("anything", 60_000, 1)).toBeNull();
    const gone = await signedIn(a);
    await Promise.all([a.knock(gone.secret), b.knock(gone.secret)]);
    await a.runtime.store.transaction((tx) => tx.sessions.deleteOfUser(gone.userId));
    expect(await staleness([b], gone.secret, performance.now())).toBeLessThan(BOUND);
    await redis.start();
    await acquainted(a, b);
    await everybodyStaysIn(100);
    expect(await staleness([b], gone.secret, performance.now())).toBe(0);
  });
});

test("where PostgreSQL proves that it tells of every change, nothing is asked of Redis, and losing it changes nothing", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const database = await freshDatabase();
  const [a, b] = [await instance(database, redis.url), await instance(database, redis.url)];
  onTestFinished(async () => void (await Promise.all([a.close(), b.close()])));
  await acquainted(a, b);
  const proven = ({ runtime }: Instance) =>
    vi.waitFor(() => expect(runtime.store.signals.look(performance.now()).until).toBeGreaterThan(0), 10_000);
  await Promise.all([proven(a), proven(b)]);
  const { secret, userId } = await signedIn(a);
  await a.knock(secret);
  await b.knock(secret);
  expect([a.reads(), b.reads()]).toEqual([1, 1]);
  expect(await redis.ask("keys", "*:session:*")).toEqual([]);
  await redis.kill();
  const principal = await b.knock(secret);
  await endSession(a.runtime, { id: principal?.session.id ?? "", userId }, BY);
  expect(await staleness([a, b], secret, performance.now())).toBeLessThan(500);
});

test("Postern starts while Redis is down, says so once, and can be closed", async () => {
  const warned: string[] = [];
  const warn = (fields: object, message: string) => void warned.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug() {}, info() {}, warn, error: warn };
  const address = `redis://ada:hunter2@127.0.0.1:${await freePort()}`;
  const options = { ...optionsOf(await freshDatabase(), address), autoMigrate: true, log };
  const postern = await createPostern(options);
  await vi.waitFor(() => expect(warned).toHaveLength(1));
  expect(warned[0]).toContain("Redis cannot be used");
  expect(warned[0]).not.toContain("hunter2");
  await postern.close();
  const runtime = await openRuntime(options);
  await runtime.store.close();
  expect(warned).toHaveLength(1);
});

/** Somebody who hears and says everything there. */
async function overhear(redis: RedisServer, channel: string, hear: (message: string) => void) {
  const { createClient } = await import("@redis/client");
  const client = createClient({ url: redis.url });
  client.on("error", () => {});
  onTestFinished(() => client.destroy());
  await client.connect();
  await client.subscribe(channel, hear);
  return client;
}
