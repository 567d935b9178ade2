import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { crossTransactions } from "../../test/support/crossing-transactions.ts";
import { freshMysqlDatabase, type MysqlServer, startMysql } from "../../test/support/mysql.ts";
import { expectWorkBesideNewer } from "../../test/support/newer-version.ts";
import { storesOnServer } from "../../test/support/opened-store.ts";
import { silentRelay } from "../../test/support/silent-relay.ts";
import { ConfigError } from "../errors.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import { storeSuite } from "../testing/store-suite.ts";
import { openMysql } from "./mysql.ts";
import { importMysql } from "./mysql-pool.ts";

const NOW = 1_800_000_000_000;

let server: MysqlServer;
beforeAll(async () => {
  server = await startMysql();
}, 120_000);
afterAll(() => server.stop());

const stores = storesOnServer(
  () => freshMysqlDatabase(server.url),
  (url) => openMysql(url, { now: Date.now, log: SILENT_LOG }),
);
storeSuite("MySQL store", stores.empty, stores.migrated);

describe("MySQL store", () => {
  test("knows of its pool", async () => {
    expect((await opened(await freshMysqlDatabase(server.url))).pool()).not.toBeNull();
  });

  test("outlives a restart of the server, and says so while it lasts", { timeout: 60_000 }, async () => {
    const own = await startMysql();
    onTestFinished(() => own.stop());
    const store = await opened(await freshMysqlDatabase(own.url));
    await store.transaction((tx) => tx.users.insert(ada));
    await own.restart(async () => {
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

  test("loses the transaction whose connection is cut, and only that one", async () => {
    const url = await freshMysqlDatabase(server.url);
    const store = await opened(url);
    const other = await connected(url);
    const cut = store.transaction(async (tx) => {
      await tx.users.insert(ada);
      const [rows] = await other.query(
        "select id from information_schema.processlist where db = database() and id <> connection_id()",
      );
      for (const { id } of rows as { id: number }[]) await other.query(`kill ${id}`);
      await tx.users.update(ada.id, { name: "after the cut" });
    });
    await expect(cut).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await store.users.get(ada.id)).toBeNull();
    await store.transaction((tx) => tx.users.insert(ada));
  });

  test("does not wait for ever for connections that were lost without a word, and goes on by new ones", async () => {
    const road = await silentRelay(await freshMysqlDatabase(server.url));
    const store = await opened(road.url, 300);
    const look = () => store.sessions.findBySecretHash("nobody's");
    // More than there are connections, so that some have to wait for one.
    const many = () => Promise.allSettled(Array.from({ length: 12 }, () => look()));
    await many();
    road.loseConnections();
    const lost = await many();
    const reasons = lost
      .filter(({ status }) => status === "rejected")
      .map((one) => Reflect.get(one, "reason"));
    expect(reasons).toHaveLength(10);
    for (const reason of reasons)
      expect(reason).toMatchObject({ code: "store_unavailable", reason: "timeout" });
    expect(await look()).toBeNull();
    await store.ping();

    const cut = store.transaction(async (tx) => {
      await tx.users.insert(ada);
      road.loseConnections();
      await tx.users.update(ada.id, { name: "lost" });
    });
    await expect(cut).rejects.toMatchObject({ code: "store_unavailable" });
    // Connections that were idle then are found out one by one.
    await vi.waitFor(() => store.transaction((tx) => tx.users.insert(ada)), { timeout: 10_000 });
  });

  test("does not wait for ever for a row that somebody else has locked", async () => {
    const url = await freshMysqlDatabase(server.url);
    const store = await opened(url, 300);
    await store.transaction((tx) => tx.users.insert(ada));
    const other = await connected(url);
    await other.query("begin");
    await other.query("select id from postern_users for update");
    const write = store.transaction((tx) => tx.users.update(ada.id, { name: "late" }));
    await expect(write).rejects.toMatchObject({ code: "store_unavailable" });
    await other.query("rollback");
    await store.transaction((tx) => tx.users.update(ada.id, { name: "in time" }));
    expect((await store.users.get(ada.id))?.name).toBe("in time");
  });

  test("begins a transaction again that the server has undone for another's sake, with all that was asked at once", async () => {
    const store = await opened(await freshMysqlDatabase(server.url));
    const crossed = await crossTransactions(store, [ada, { ...ada, id: "usr_bo" }]);
    expect(crossed).toEqual({ names: ["by 1", "by 0"], rows: 2 });
  });

  test("goes on with a migration that was cut off", async () => {
    const url = await freshMysqlDatabase(server.url);
    const store = await opened(url);
    const names = (await store.migrations()).map(({ name }) => name);
    const other = await connected(url);
    // Every table and index is there, and none of it is written down: as far as a crash can leave them apart.
    await other.query("delete from postern_migrations");
    expect(await store.migrate()).toEqual(names);
    await store.transaction((tx) => tx.users.insert(ada));
    expect(await store.users.get(ada.id)).toStrictEqual(ada);
  });

  test("names the server's own reason when it cannot be reached", async () => {
    const expectRefusal = async (url: string, reason: string) => {
      const store = await openMysql(url, { now: () => NOW, log: SILENT_LOG });
      await expect(store.ping()).rejects.toMatchObject({ code: "store_unavailable", reason });
      await expect(store.migrate()).rejects.toMatchObject({ code: "store_unavailable", reason });
      await store.close();
    };
    await expectRefusal(`${server.url}/no_such_database`, "no_such_database");
    // Port 1 is never ours.
    await expectRefusal("mysql://nobody:secret@127.0.0.1:1/none", "connection");
  });

  test("compares every text byte for byte, whatever the database's language", async () => {
    const url = await freshMysqlDatabase(server.url);
    await opened(url);
    const [rows] = await (await connected(url)).query(
      `select distinct collation_name as name from information_schema.columns
       where table_schema = database() and collation_name is not null and collation_name <> 'ascii_bin'`,
    );
    expect(rows).toEqual([{ name: "utf8mb4_nopad_bin" }]);
  });

  test("works beside a newer version that has only added, and refuses what cannot be worked beside", async () => {
    const url = await freshMysqlDatabase(server.url);
    const store = await opened(url);
    const admin = await connected(url);
    await expectWorkBesideNewer(store, (sql) => admin.query(sql));
  });

  test("tells what to install when `mysql2` is missing", async () => {
    const absent = "mysql2-is-not-here";
    const missing = importMysql(() => import(absent));
    await expect(missing).rejects.toThrow(ConfigError);
    await expect(missing).rejects.toThrow("npm install mysql2");
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
  const store = await openMysql(url, { now: () => NOW, log: SILENT_LOG, statementTimeout });
  onTestFinished(() => store.close());
  await store.migrate();
  return store;
}

async function connected(url: string): Promise<mysql.Connection> {
  const connection = await mysql.createConnection(url);
  connection.on("error", () => {});
  onTestFinished(() => connection.end());
  return connection;
}
