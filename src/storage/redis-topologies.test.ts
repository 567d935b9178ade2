import { expect, onTestFinished, test, vi } from "vitest";
import { startRedisCluster, startRedisSentinel } from "../../test/support/redis-topologies.ts";
import { randomToken } from "../crypto/random.ts";
import { createSealer } from "../crypto/seal.ts";
import { SILENT_LOG } from "../model/log.ts";
import { readRedisAddress } from "../model/redis-address.ts";
import { type Changed, NO_SIGNALS } from "../model/signals.ts";
import { openRedis } from "./redis.ts";

const PATIENCE = { timeout: 25_000, interval: 20 };

/** What a process has of Redis, and what it is told. */
async function opened(url: string) {
  const place = readRedisAddress(url);
  if (typeof place === "string") throw new Error(place);
  const redis = await openRedis({ place, sealer: createSealer([SECRET]), log: SILENT_LOG });
  onTestFinished(() => redis.close());
  redis.settle("a database");
  const told: Changed[] = [];
  redis.signals(NO_SIGNALS).listen((changed) => told.push(changed));
  const memory = redis.memory(NO_SIGNALS);
  const sessions = memory.shareSessions(() => ({ at: performance.now(), epoch: 0 }));
  memory.start();
  return { redis, told, sessions, counter: memory.counter };
}

const SECRET = "a-secret-for-tests-0123456789-abcdefgh";
const SNAPSHOT = { user: { name: "Ana" } } as never;

const OWN = { instance: "one", count: 1 };

type Process = Awaited<ReturnType<typeof opened>>;

/** Until what one says and shares reaches the other, and both count together. */
async function expectTogether(one: Process, other: Process): Promise<void> {
  await vi.waitFor(async () => {
    const id = randomToken();
    one.redis.tell([id]);
    const witnesses = one.sessions.witnesses();
    one.sessions.put(id, SNAPSHOT, witnesses);
    await vi.waitFor(async () => expect((await other.sessions.find(id))?.snapshot).toEqual(SNAPSHOT), 500);
    await vi.waitFor(() => expect(other.told).toContainEqual([id]), 500);
    const own = { instance: randomToken(), count: 1 };
    await vi.waitFor(async () => expect(await one.counter.tell(id, 10_000, own)).not.toBeNull(), 500);
    expect(await other.counter.tell(id, 10_000, { instance: randomToken(), count: 2 })).toBe(1);
  }, PATIENCE);
}

test("a cluster: wherever the keys are, and also when one of its three masters is gone", {
  timeout: 60_000,
}, async () => {
  const cluster = await startRedisCluster();
  onTestFinished(() => cluster.stop());
  const [one, other] = [await opened(cluster.url), await opened(cluster.url)];
  await expectTogether(one, other);
  // Far more keys than masters: none is out of reach.
  for (let left = 40; left > 0; left--) {
    const key = randomToken();
    await vi.waitFor(async () => expect(await one.counter.tell(key, 60_000, OWN)).not.toBeNull(), PATIENCE);
  }
  const held = await Promise.all(cluster.masters.map((master) => master.ask("dbsize")));
  for (const count of held) expect(count).toBeGreaterThan(0);
  await cluster.masters[0]?.kill();
  await expectTogether(one, other);
  await expectTogether(other, one);
});

test("Sentinels: goes over to the server that they choose when the first is gone", {
  timeout: 60_000,
}, async () => {
  const { url, master, replica, stop } = await startRedisSentinel();
  onTestFinished(stop);
  const [one, other] = [await opened(url), await opened(url)];
  await expectTogether(one, other);
  await vi.waitFor(
    async () => expect(String(await replica.ask("info"))).toContain("master_link_status:up"),
    PATIENCE,
  );
  await master.kill();
  await expectTogether(one, other);
  expect(String(await replica.ask("info", "replication"))).toContain("role:master");
});
