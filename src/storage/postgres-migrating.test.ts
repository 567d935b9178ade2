import type { Kysely } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test, vi } from "vitest";
import { freshDatabase } from "../../test/support/postgres.ts";
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
async function setUp(added: Migration) {
  const url = await freshDatabase();
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
