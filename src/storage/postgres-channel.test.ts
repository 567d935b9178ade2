import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { withoutNotices } from "../../test/support/mute-postgres.ts";
import { freshDatabase, startPostgres } from "../../test/support/postgres.ts";
import { silentRelay } from "../../test/support/silent-relay.ts";
import type { Log } from "../model/log.ts";
import type { Changed } from "../model/signals.ts";
import { createPostgresChannel } from "./postgres-channel.ts";

/** A channel, what it tells, and what it logs. */
function opened(url: string) {
  const logged: string[] = [];
  const write = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const channel = createPostgresChannel({ url, log });
  onTestFinished(() => channel.close());
  const told: Changed[] = [];
  channel.listen((changed) => told.push(changed));
  const provenAfter = (moment: number) =>
    vi.waitFor(
      () => {
        const { since, until } = channel.look(performance.now());
        expect(since).toBeLessThanOrEqual(until);
        expect(until).toBeGreaterThan(moment);
      },
      { timeout: 20_000, interval: 5 },
    );
  return { channel, told, logged, provenAfter };
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}

const LISTENERS = "application_name = 'postern signals' and datname = current_database()";

test("opens no connection before somebody looks", async () => {
  const url = await freshDatabase();
  const { provenAfter } = opened(url);
  const admin = await connected(url);
  const listening = `select count(*)::int as n from pg_stat_activity where ${LISTENERS}`;
  expect((await admin.query(listening)).rows).toEqual([{ n: 0 }]);
  await provenAfter(performance.now());
  expect((await admin.query(listening)).rows).toEqual([{ n: 1 }]);
});

test("tells of everything when a person notifies by hand", async () => {
  const url = await freshDatabase();
  const { told, provenAfter } = opened(url);
  await provenAfter(performance.now());
  await (await connected(url)).query("notify postern_changes");
  await provenAfter(performance.now());
  expect(told).toEqual([null]);
});

test("while its connection is cut nothing is proven, and afterwards nothing of before", async () => {
  const url = await freshDatabase();
  const { channel, logged, provenAfter } = opened(url);
  await provenAfter(performance.now());
  const admin = await connected(url);
  for (let cut = 0; cut < 3; cut++) {
    const before = performance.now();
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${LISTENERS}`);
    await vi.waitFor(() => expect(channel.look(before).since).toBeGreaterThan(before), { interval: 1 });
    await provenAfter(before);
    expect(channel.look(performance.now()).since).toBeGreaterThan(before);
  }
  expect(logged.filter((line) => line.includes("are not heard"))).toHaveLength(3);
});

test("a beat that somebody else makes up proves nothing that is still to come", async () => {
  const url = await freshDatabase();
  const { channel, provenAfter } = opened(url);
  await provenAfter(performance.now());
  const admin = await connected(url);
  await admin.query("notify postern_changes, '99999999999'");
  await provenAfter(performance.now());
  expect(channel.look(performance.now()).until).toBeLessThanOrEqual(performance.now());
});

test("one that was lost without a word and ends later takes nothing from the one in its place", {
  timeout: 60_000,
}, async () => {
  const road = await silentRelay(await freshDatabase());
  const { logged, provenAfter } = opened(road.url);
  await provenAfter(performance.now());
  road.loseConnections();
  await provenAfter(performance.now() + 1_000);
  road.endLost();
  await provenAfter(performance.now() + 1_000);
  expect(logged.filter((line) => line.includes("are not heard"))).toHaveLength(1);
});

test("is there again after a restart of the server", { timeout: 60_000 }, async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const { channel, provenAfter } = opened(server.url);
  await provenAfter(performance.now());
  await server.restart(async () => {
    expect(channel.look(performance.now()).since).toBe(Number.POSITIVE_INFINITY);
  });
  await provenAfter(performance.now());
});

test("behind a pooler that keeps notices back nothing is proven, and it is said once", async () => {
  const url = await withoutNotices(await freshDatabase());
  const { channel, logged } = opened(url);
  await vi.waitFor(
    () => {
      expect(channel.look(performance.now()).until).toBe(Number.NEGATIVE_INFINITY);
      expect(logged).toHaveLength(1);
    },
    { timeout: 10_000 },
  );
  expect(logged[0]).toContain("pgbouncer");
  expect(logged[0]).toContain("each session is read anew every second");
});
