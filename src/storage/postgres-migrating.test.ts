import type { Kysely } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { freshDatabase, startPostgres } from "../../test/support/postgres.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import { MIGRATIONS, type Migration } from "./migrations/index.ts";
import { openPostgres } from "./postgres.ts";

/** Instances that serve people while the next version's migrations run. */

test("a migration that has to wait for a table makes nobody wait behind it for long", async () => {
  const { store, url, admin, next } = await setUp({ name: "9999-note", up: addNote("users") });
  // As a backup does for minutes.
  const backup = await connected(url);
  await backup.query("begin; lock table postern_users in access share mode");
  let isOver = false;
  const migrating = next.migrate().finally(() => {
    isOver = true;
  });
  await untilWaitingForUsers(admin);
  // It stands in line now, and whoever comes later stands behind it.
  expect(await store.users.count({})).toBe(0);
  expect(isOver).toBe(false);
  await backup.query("rollback");
  expect(await migrating).toEqual(["9999-note"]);
  expect(await store.users.count({})).toBe(0);
});

test("a migration does not wait until the server has vacuumed a large table", {
  timeout: 120_000,
}, async () => {
  const server = await startPostgres();
  onTestFinished(() => server.stop());
  const { admin, next } = await setUp({ name: "9999-note", up: addNote("users") }, server.url);
  // Something to vacuum, at a pace at which it would take hours.
  await admin.query("alter system set autovacuum_naptime = '1s'");
  await admin.query("select pg_reload_conf()");
  await admin.query(`alter table postern_users set (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
    autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)`);
  await admin.query(`insert into postern_users (id, status, created_at, name)
    select 'usr_' || n, 'active', n, repeat('x', 900) from generate_series(1, 20000) n`);
  await admin.query("delete from postern_users");
  const vacuums = `select pid from pg_stat_activity
    where backend_type = 'autovacuum worker' and query like '%VACUUM%postern_users%'`;
  const untilVacuuming = async () => expect((await admin.query(vacuums)).rows.length).toBe(1);
  await vi.waitFor(untilVacuuming, { timeout: 60_000, interval: 200 });

  const ran = next.migrate();
  const giveUp = new Promise((resolve) => setTimeout(resolve, 15_000, "waits for the vacuum"));
  expect(await Promise.race([ran, giveUp])).toEqual(["9999-note"]);
});

test.each([
  { read: "a session", table: "sessions", ask: (store: Store) => store.sessions.findBySecretHash("none") },
  { read: "an API key", table: "api_keys", ask: (store: Store) => store.apiKeys.findBySecretHash("none") },
])("looking up $read meets a migration half-way, and is answered all the same", async ({ table, ask }) => {
  const meeting = Promise.withResolvers<void>();
  let tries = 0;
  const { store, admin, next } = await setUp({
    name: "9999-notes",
    up: async (db) => {
      await addNote("users")(db);
      meeting.resolve();
      // Whoever looks up has the one table and wants the other; now the migration wants the one.
      if (++tries === 1) await untilWaitingForUsers(admin);
      await addNote(table)(db);
    },
  });
  const migrating = next.migrate();
  await meeting.promise;
  expect(await ask(store)).toBeNull();
  expect(await migrating).toEqual(["9999-notes"]);
});

/** A store of this version at work, and one of the next, which has one more migration. */
async function setUp(added: Migration, serverUrl?: string) {
  const url = await freshDatabase(serverUrl);
  const open = async (migrations: readonly Migration[]) => {
    const store = await openPostgres(url, { now: Date.now, log: SILENT_LOG, migrations });
    onTestFinished(() => store.close());
    return store;
  };
  const store = await open(MIGRATIONS);
  await store.migrate();
  return { url, store, next: await open([...MIGRATIONS, added]), admin: await connected(url) };
}

/** A connection that is not ours. */
async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}

/** As the next version might. */
function addNote(table: string) {
  return async (db: Kysely<unknown>): Promise<void> => {
    await db.schema.alterTable(`postern_${table}`).addColumn("note", "text").execute();
  };
}

async function untilWaitingForUsers(client: pg.Client): Promise<void> {
  const waiting = "select pid from pg_locks where relation = 'postern_users'::regclass and not granted";
  await vi.waitFor(async () => expect((await client.query(waiting)).rows.length).toBe(1), {
    timeout: 10_000,
  });
}
