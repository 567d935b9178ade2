import pg from "pg";
import { describe, expect, onTestFinished, test } from "vitest";
import { crossTransactions } from "../../test/support/crossing-transactions.ts";
import { expectWorkBesideNewer } from "../../test/support/newer-version.ts";
import { storesOnServer } from "../../test/support/opened-store.ts";
import { freshDatabase, startPostgres } from "../../test/support/postgres.ts";
import { ConfigError } from "../errors.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import { storeSuite } from "../testing/store-suite.ts";
import { openPostgres } from "./postgres.ts";
import { importPg } from "./postgres-pool.ts";

const NOW = 1_800_000_000_000;

const stores = storesOnServer(freshDatabase, (url) => openPostgres(url, { now: Date.now, log: SILENT_LOG }));
storeSuite("PostgreSQL store", stores.empty, stores.migrated);

describe("PostgreSQL store", () => {
  test("outlives a restart of the server, and says so while it lasts", { timeout: 60_000 }, async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const store = await opened(server.url);
    await store.transaction((tx) => tx.users.insert(ada));
    await server.restart(async () => {
      await expect(store.ping()).rejects.toMatchObject({ code: "store_unavailable" });
      await expect(store.users.get(ada.id)).rejects.toMatchObject({ code: "store_unavailable" });
      const write = store.transaction((tx) => tx.users.update(ada.id, { name: "lost" }));
      await expect(write).rejects.toMatchObject({ code: "store_unavailable" });
    });
    await store.ping();
    expect(await store.users.get(ada.id)).toStrictEqual(ada);
    await store.transaction((tx) => tx.users.update(ada.id, { name: "kept" }));
    expect((await store.users.get(ada.id))?.name).toBe("kept");
  });

  test("does what is asked at once in order where `pg` is older than 8.23, and is not warned", async () => {
    const warnings: Error[] = [];
    const hear = (warning: Error) => void warnings.push(warning);
    process.on("warning", hear);
    onTestFinished(() => void process.off("warning", hear));
    const url = await freshDatabase();
    const store = await openPostgres(url, { now: () => NOW, log: SILENT_LOG, pipeline: false });
    onTestFinished(() => store.close());
    await store.migrate();
    const profile = { email: null, picture: null, lastSignInAt: NOW };
    const renamed = await store.transaction((tx) =>
      Promise.all([
        tx.policy.hold(),
        tx.users.insert(ada),
        tx.users.update(ada.id, { ...profile, name: "one" }),
        tx.users.update(ada.id, { ...profile, name: "two" }),
        tx.users.lock(ada.id),
      ]),
    );
    expect(renamed.at(-1)).toMatchObject({ name: "two" });
    const failing = store.transaction((tx) => Promise.all([tx.users.insert(ada), tx.users.lock(ada.id)]));
    await expect(failing).rejects.toThrow();
    expect(await store.users.get(ada.id)).toMatchObject({ name: "two" });
    expect(warnings).toEqual([]);
  });

  test("names what went wrong first, and does not take what follows from it for a pooler that keeps no names", async () => {
    const url = await freshDatabase();
    await (await opened(url)).transaction((tx) => tx.users.insert(ada));
    const told: string[] = [];
    const log = { ...SILENT_LOG, info: (_: object, message: string) => void told.push(message) };
    // Its connection has heard of no statement yet.
    const store = await openPostgres(url, { now: () => NOW, log });
    onTestFinished(() => store.close());
    const burst = store.transaction((tx) =>
      Promise.allSettled([
        tx.users.insert(ada),
        tx.policy.hold(),
        tx.policy.hold(),
        tx.policy.version(),
        tx.policy.version(),
      ]).then((settled) => settled.map((one) => Reflect.get(one, "reason"))),
    );
    await expect(burst).rejects.toMatchObject({ code: "23505" });
    expect(told).toEqual([]);
  });

  test("loses the transaction whose connection is cut, and only that one", async () => {
    const url = await freshDatabase();
    const store = await opened(url);
    const other = await connected(url);
    const cut = store.transaction(async (tx) => {
      await tx.users.insert(ada);
      await other.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction'",
      );
      await tx.users.update(ada.id, { name: "after the cut" });
    });
    await expect(cut).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await store.users.get(ada.id)).toBeNull();
    await store.transaction((tx) => tx.users.insert(ada));
  });

  test.each([
    { pg: "8.23 or newer", pipeline: true },
    { pg: "older", pipeline: false },
  ])(
    "begins a transaction again that the server has undone, with all that was asked at once; `pg` $pg",
    async ({ pipeline }) => {
      const store = await openPostgres(await freshDatabase(), { now: () => NOW, log: SILENT_LOG, pipeline });
      onTestFinished(() => store.close());
      await store.migrate();
      const crossed = await crossTransactions(store, [ada, { ...ada, id: "usr_bo" }]);
      expect(crossed).toEqual({ names: ["by 1", "by 0"], rows: 2 });
    },
  );

  test("keeps nothing that it could not tell the others", async () => {
    const url = new URL(await freshDatabase());
    const admin = await connected(url.href);
    // Looked for in front of PostgreSQL's own.
    url.searchParams.set("options", "-c search_path=public,pg_catalog");
    const store = await opened(url.href);
    await store.transaction((tx) => tx.users.insert(ada));
    await admin.query(`create function public.pg_notify(text, text) returns void language plpgsql
      as $$ begin raise exception 'nobody can be told'; end $$`);
    await expect(store.transaction((tx) => tx.users.update(ada.id, { name: "untold" }))).rejects.toThrow();
    expect((await store.users.get(ada.id))?.name).toBe(ada.name);
    await admin.query("drop function public.pg_notify(text, text)");
    await store.transaction((tx) => tx.users.update(ada.id, { name: "told" }));
    expect((await store.users.get(ada.id))?.name).toBe("told");
  });

  test("of a process that stands still in the middle of a transaction, the server lets go before others give up", async () => {
    const url = await freshDatabase();
    const [still, other] = [await opened(url, 3_000), await opened(url, 3_000)];
    await other.transaction((tx) => tx.users.insert(ada));
    const [locked, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const standing = still.transaction(async (tx) => {
      await tx.users.lock(ada.id);
      locked.resolve();
      await goesOn.promise;
      await tx.users.update(ada.id, { name: "too late" });
    });
    await locked.promise;
    await other.transaction((tx) => tx.users.update(ada.id, { name: "in time" }));
    goesOn.resolve();
    await expect(standing).rejects.toMatchObject({ code: "store_unavailable" });
    expect((await still.users.get(ada.id))?.name).toBe("in time");
  });

  test("does not wait for ever for a table that somebody else has locked", async () => {
    const url = await freshDatabase();
    const store = await opened(url, 300);
    const other = await connected(url);
    await other.query("begin; lock table postern_users");
    await expect(store.users.count({})).rejects.toMatchObject({ code: "store_unavailable" });
    const write = store.transaction((tx) => tx.users.insert(ada));
    await expect(write).rejects.toMatchObject({ code: "store_unavailable", reason: "timeout" });
    await other.query("rollback");
    await store.transaction((tx) => tx.users.insert(ada));
    expect(await store.users.count({})).toBe(1);
  });

  test("names the server's own reason when it cannot be reached", async () => {
    const missing = new URL(await freshDatabase());
    missing.pathname = "/no_such_database";
    const expectRefusal = async (url: string, reason: string) => {
      const store = await openPostgres(url, { now: () => NOW, log: SILENT_LOG });
      await expect(store.ping()).rejects.toMatchObject({ code: "store_unavailable", reason });
      await expect(store.migrate()).rejects.toMatchObject({ code: "store_unavailable", reason });
      await store.close();
    };
    await expectRefusal(missing.href, "no_such_database");
    // Port 1 is never ours.
    await expectRefusal("postgres://nobody:secret@127.0.0.1:1/none", "connection");
  });

  test("deletes with a user what belongs to the user", async () => {
    const url = await freshDatabase();
    const store = await opened(url);
    await store.transaction(async (tx) => {
      await tx.users.insert(ada);
      await tx.grants.insert({ userId: ada.id, role: "owner", source: "direct", createdAt: NOW });
    });
    await (await connected(url)).query("delete from postern_users");
    expect(await store.grants.ofUser(ada.id)).toEqual([]);
  });

  test("compares every text byte for byte, whatever the database's language", async () => {
    const url = await freshDatabase();
    await opened(url);
    const { rows } = await (await connected(url)).query(
      `select distinct collation_name from information_schema.columns
       where table_name like 'postern\\_%' and table_name <> 'postern_migrations' and data_type = 'text'`,
    );
    expect(rows).toEqual([{ collation_name: "C" }]);
  });

  test("leaves the application's own use of `pg` alone", async () => {
    const url = await freshDatabase();
    const store = await opened(url);
    expect(await store.users.count({})).toBe(0);
    const { rows } = await (await connected(url)).query("select 1::int8 as n");
    expect(rows).toEqual([{ n: "1" }]);
  });

  test("works beside a newer version that has only added, and refuses what cannot be worked beside", async () => {
    const url = await freshDatabase();
    const store = await opened(url);
    const admin = await connected(url);
    await expectWorkBesideNewer(store, (sql) => admin.query(sql));
  });

  test("tells what to install when `pg` is missing", async () => {
    const absent = "pg-is-not-here";
    const missing = importPg(() => import(absent));
    await expect(missing).rejects.toThrow(ConfigError);
    await expect(missing).rejects.toThrow("npm install pg");
  });
});

const ada = {
  id: "usr_ada",
  name: "Ada",
  email: "ada@example.com",
  picture: null,
  status: "active" as const,
  createdAt: NOW,
  lastSignInAt: null,
};

async function opened(url: string, statementTimeout = 10_000): Promise<Store> {
  const store = await openPostgres(url, { now: () => NOW, log: SILENT_LOG, statementTimeout });
  onTestFinished(() => store.close());
  await store.migrate();
  return store;
}

/** A connection that is not ours. */
async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  onTestFinished(() => client.end());
  await client.connect();
  return client;
}
