import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { sha256 } from "../../src/crypto/hash.ts";
import { randomToken } from "../../src/crypto/random.ts";
import { createSealer } from "../../src/crypto/seal.ts";
import { atAddress } from "../../src/limits/counted.ts";
import { LIMITS } from "../../src/model/limit-settings.ts";
import type { Principal } from "../../src/model/principal.ts";
import type { SharedCounter } from "../../src/model/shared-memory.ts";
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

function counterOf({ runtime }: Instance): SharedCounter {
  return runtime.store.sharedMemory?.counter ?? expect.unreachable();
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

async function channelOn(redis: RedisServer): Promise<string> {
  const [channel = ""] = (await redis.ask("pubsub", "channels", "postern:*:notices")) as string[];
  return channel;
}

/** What is sealed into a notice besides what it says. */
function houseOf(channel: string): string {
  return channel.split(":")[1] ?? "";
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

  const keyOf = async (secret: string) =>
    ((await redis.ask("keys", `postern:*:session:${sha256(secret)}`)) as string[])[0];

  /** Lets `b` find what `a` has read in Redis; answers the key. */
  async function shared(secret: string): Promise<string> {
    // What a beat of before the sign-in proves is older than that.
    await nextBeats(a, b);
    // Again where Redis was too slow for a moment to be asked.
    await vi.waitFor(
      async () => {
        a.runtime.sessionCache.clear();
        expect(await a.knock(secret)).not.toBeNull();
        await vi.waitFor(async () => expect(await keyOf(secret)).toBeDefined(), 200);
      },
      { timeout: 10_000, interval: 1 },
    );
    return (await keyOf(secret)) ?? "";
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
    const told: unknown[] = [];
    const channel = await channelOn(redis);
    await overhear(redis, channel, (message) =>
      told.push(a.runtime.sealer.open("redis-notice", message, houseOf(channel))),
    );
    // Again where a busy machine took longer to connect than a notice is worth.
    await vi.waitFor(async () => {
      const { secret, userId } = await signedIn(a);
      const session = (await a.knock(secret))?.session.id;
      const visit = await visitPostern(optionsOf(database, redis.url));
      await visit.sessions.endAllOf(userId, "cli:test");
      await visit.close();
      await vi.waitFor(() => expect(told).toContainEqual({ changed: [session] }), 500);
    }, 20_000);
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
    const channel = await channelOn(redis);
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
    const forged = foreign.seal(
      "redis-session",
      { witnesses: [], snapshot: {} },
      `1:${prefix.split(":")[1]}:${sha256(nobody)}`,
    );
    for (const rubbish of [ofEve, forged, "", "{}", "\u0000\u00ff", "v1.x.y", "x".repeat(1_000_000)]) {
      for (const secret of [ada.secret, nobody]) await redis.ask("set", prefix + sha256(secret), rubbish);
      expect(await b.knock(nobody)).toBeNull();
      expect((await b.knock(ada.secret))?.user.id).toBe(ada.userId);
      b.runtime.sessionCache.clear();
    }
    await redis.ask("del", prefix + sha256(ada.secret));
    await redis.ask("lpush", prefix + sha256(ada.secret), "not a text");
    expect((await b.knock(ada.secret))?.user.id).toBe(ada.userId);
    const channel = await channelOn(redis);
    const entry = b.runtime.sessionCache.get(sha256(ada.secret));
    for (const message of ["", "null", foreign.seal("redis-notice", { changed: null })])
      await redis.ask("publish", channel, message);
    const other = b.runtime.sealer.seal("redis-notice", { changed: ["usr_other"] }, houseOf(channel));
    await redis.ask("publish", channel, other);
    expect(entry).toBeDefined();
    expect(b.runtime.sessionCache.get(sha256(ada.secret))).toBe(entry);
  });

  test("whoever steals what is in Redis learns neither who is signed in nor how", async () => {
    const { secret, userId } = await signedIn(a);
    const key = await shared(secret);
    await counterOf(a).tell("203.0.113.7", 60_000, { instance: "one", count: 1 });
    const dump = [String(await redis.ask("get", key)), ...((await redis.ask("keys", "*")) as string[])].join(
      "\n",
    );
    for (const told of [secret, userId, "Ana", "member", "203.0.113.7"]) expect(dump).not.toContain(told);
  });

  test("counts on all instances together, says nothing twice, and begins anew when the window is over", async () => {
    const key = randomToken();
    const tell = (who: Instance, instance: string, count: number, window = 60_000) =>
      counterOf(who).tell(key, window, { instance, count });
    expect([await tell(a, "one", 1), await tell(b, "two", 5), await tell(a, "one", 2)]).toEqual([0, 1, 5]);
    // As where the answer was lost: the same is said again.
    expect([await tell(a, "one", 2), await tell(b, "two", 5)]).toEqual([5, 2]);

    const short = randomToken();
    const ofShort = (instance: string) => counterOf(a).tell(short, 50, { instance, count: 3 });
    expect(await ofShort("one")).toBe(0);
    await vi.waitFor(async () => expect(await ofShort("two")).toBe(0), { interval: 60 });
  });

  test("whoever writes there makes no count larger, of whatever they find", async () => {
    const [key, other] = [randomToken(), randomToken()];
    for (const name of [key, other]) await counterOf(a).tell(name, 60_000, { instance: "one", count: 7 });
    const found = (await redis.ask("keys", "*:count:*")) as string[];
    const held = (await Promise.all(found.map((name) => redis.ask("hget", name, "one")))) as (
      | string
      | null
    )[];
    const values = held.filter((value) => value !== null);
    for (const name of found) {
      for (const [index, value] of [...values, "1000000", JSON.stringify(1_000_000)].entries())
        await redis.ask("hset", name, `forged-${index}`, value);
    }
    expect(await counterOf(b).tell(key, 60_000, { instance: "two", count: 1 })).toBe(7);
    for (const name of found) await redis.ask("hset", name, "one", "1000000");
    expect(await counterOf(b).tell(key, 60_000, { instance: "two", count: 1 })).toBe(0);
    const many = Array.from({ length: 300 }, (_, n) => [`many-${n}`, values[0] ?? ""]).flat();
    for (const name of found) await redis.ask("hset", name, ...many);
    expect(await counterOf(b).tell(key, 60_000, { instance: "two", count: 1 })).toBe(0);
  });

  test("what is limited is counted there, and by the store while it is away", async () => {
    const [one, two] = [a.runtime, b.runtime];
    const office = atAddress("198.51.100.77");
    const most = one.settings.limits.failures ?? expect.unreachable();
    const rows = async () => {
      let found = new Map<string, number>();
      const id = `failures.${Math.floor(one.now() / LIMITS.failures.within)}.${sha256(office.key ?? "")}`;
      await one.store.transaction(async (tx) => {
        found = new Map(
          await tx.limitCounts.put("a third one", [{ id, count: 0, expiresAt: one.now() + 60_000 }]),
        );
      });
      return found.size;
    };
    for (let n = 0; n < most - 1; n++) one.limits.take("failures", office);
    await one.limits.share();
    two.limits.take("failures", office);
    await two.limits.share();
    expect(two.limits.reached("failures", office)).not.toBeNull();
    expect(await rows()).toBe(0);

    two.limits.giveBack("failures", office);
    await two.limits.share();
    expect(two.limits.reached("failures", office)).toBeNull();

    await redis.kill();
    one.limits.giveBack("failures", office);
    await one.limits.share();
    expect(await rows()).toBe(1);
    await redis.start();
    await acquainted(a, b);
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
    await everybodyStaysIn(800);
    redis.resume();
    await redis.kill();
    await everybodyStaysIn(800);
    expect(await counterOf(a).tell("anything", 60_000, { instance: "one", count: 1 })).toBeNull();
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

test("databases that share a Redis, and even the secret, let in nobody of each other", async () => {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const [one, two] = [await freshMysqlDatabase(mysql.url), await freshMysqlDatabase(mysql.url)];
  const [a, b, c, d] = await Promise.all([one, one, two, two].map((each) => instance(each, redis.url)));
  if (!a || !b || !c || !d) throw new Error("Four were asked for.");
  onTestFinished(async () => void (await Promise.all([a, b, c, d].map((each) => each.close()))));
  await acquainted(a, b);
  await acquainted(c, d);
  // Each hears the one that shares its database, and nobody else.
  for (const { runtime } of [a, b, c, d]) expect(runtime.sessionCache.shared?.witnesses()).toHaveLength(1);
  const { secret } = await signedIn(a);
  for (let knocks = 0; knocks < 20; knocks++) {
    expect(await a.knock(secret)).not.toBeNull();
    expect(await c.knock(secret)).toBeNull();
    a.runtime.sessionCache.clear();
  }
  const found = (await redis.ask("keys", "*:session:*")) as string[];
  const [channel] = ((await redis.ask("pubsub", "channels", "*")) as string[]).filter(
    (each) => !found.some((key) => houseOf(key) === houseOf(each)),
  );
  // As somebody would move it who can write there.
  const key = `postern:${houseOf(channel ?? "")}:session:${sha256(secret)}`;
  await redis.ask("set", key, String(await redis.ask("get", found[0] ?? "")));
  expect(await c.knock(secret)).toBeNull();
});

test("which beats were heard is noted before the store is read", async () => {
  const { runtime, signIn, close } = await openTestRuntime();
  onTestFinished(close);
  const { cookie } = await signIn("member");
  const happened: string[] = [];
  const note =
    <T>(what: string, answer: T) =>
    (): T => {
      happened.push(what);
      return answer;
    };
  const shared = { find: () => null, witnesses: note("witnesses", []), put: note("put", undefined) };
  const { sessions } = runtime.store;
  const findBySecretHash = (hash: string) => note("read", sessions.findBySecretHash(hash))();
  const uses = {
    ...runtime,
    sessionCache: { ...runtime.sessionCache, shared },
    store: { ...runtime.store, sessions: { ...sessions, findBySecretHash } },
  };
  expect(await authenticate(uses, cookie.slice(cookie.indexOf("=") + 1))).not.toBeNull();
  expect(happened).toEqual(["witnesses", "read", "put"]);
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
