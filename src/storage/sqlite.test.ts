import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { expectWorkBesideNewer } from "../../test/support/newer-version.ts";
import { openedStore } from "../../test/support/opened-store.ts";
import type { Store, StoreTransaction } from "../model/store.ts";
import { storeSuite } from "../testing/store-suite.ts";
import type { Patience } from "./retry-while-busy.ts";
import { openSqlite } from "./sqlite.ts";

const NOW = 1_800_000_000_000;

storeSuite("SQLite store", () => {
  const folder = mkdtempSync(join(tmpdir(), "postern-sqlite-"));
  const open = () => openSqlite(join(folder, "postern.db"), { now: Date.now });
  return openedStore(open, () => rmSync(folder, { recursive: true }));
});

describe("SQLite store", () => {
  test("makes its folder and files for the owner only", async () => {
    const file = join(emptyFolder(), "deep", "er", "postern.db");
    const store = await opened(file);
    await store.transaction((tx) => tx.users.insert(ada));
    expect(mode(join(file, ".."))).toBe(0o700);
    for (const each of [file, `${file}-wal`, `${file}-shm`]) expect(mode(each)).toBe(0o600);
  });

  test("leaves the mode of a file that was there", async () => {
    const file = join(emptyFolder(), "postern.db");
    writeFileSync(file, "");
    chmodSync(file, 0o640);
    await opened(file);
    expect(mode(file)).toBe(0o640);
  });

  test("keeps what was committed when it is opened again", async () => {
    const file = join(emptyFolder(), "postern.db");
    const first = await opened(file);
    await first.transaction((tx) => tx.users.insert(ada));
    await first.close();
    expect(await (await opened(file)).users.get(ada.id)).toStrictEqual(ada);
  });

  test("spends a sign-in although those of others cannot be swept", async () => {
    const file = join(emptyFolder(), "postern.db");
    const store = await opened(file);
    anotherProcess(file).exec(`create trigger kept before delete on postern_login_transactions
      begin select raise(abort, 'it stays'); end`);
    // More than there are between two sweeps; all of them have been over for long.
    for (let n = 0; n < 120; n++) expect(await store.loginTransactions.consume(`state-${n}`, 1)).toBe(true);
  });

  test("waits for the disk, except for what may be lost with a power cut", async () => {
    const store = await opened(join(emptyFolder(), "postern.db"));
    const said = vi.spyOn(DatabaseSync.prototype, "exec");
    onTestFinished(() => said.mockRestore());
    /** How the disk is waited for when each transaction begins and ends. */
    const levels = () => {
      let level = "";
      const seen: string[] = [];
      for (const [statement] of said.mock.calls) {
        if (statement.startsWith("pragma synchronous"))
          level = statement.slice("pragma synchronous = ".length);
        if (statement === "begin immediate" || statement === "commit") seen.push(level);
      }
      return seen;
    };
    const write = (id: string) => (tx: StoreTransaction) => tx.users.insert({ ...ada, id });
    await store.transaction(write("usr_2"), "process");
    await store.loginTransactions.consume("hash", NOW);
    await store.transaction(write("usr_3"));
    await store.transaction(write("usr_4"), "process");
    await store.transaction(write("usr_5"), "power-cut");
    expect(levels()).toEqual(["normal", "normal", "full", "full", "normal", "normal", "full", "full"]);
  });

  test("waits for another process's lock without blocking, then writes", async () => {
    const file = join(emptyFolder(), "postern.db");
    const waits: number[] = [];
    const wait = async (milliseconds: number) => {
      waits.push(milliseconds);
      if (waits.length === 3) other.exec("rollback");
    };
    const store = await opened(file, { backOff: [1, 2, 3, 4], wait });
    const other = anotherProcess(file);
    other.exec("begin immediate");
    await store.transaction((tx) => tx.users.insert(ada));
    expect(waits).toEqual([1, 2, 3]);
    expect(await store.users.get(ada.id)).toStrictEqual(ada);
  });

  test("gives up when the lock stays, does no work, and reads on meanwhile", async () => {
    const file = join(emptyFolder(), "postern.db");
    const store = await opened(file, { backOff: [1, 1, 1], wait: async () => {} });
    await store.transaction((tx) => tx.users.insert(ada));
    const other = anotherProcess(file);
    other.exec("begin immediate; delete from postern_users");
    let worked = false;
    const write = store.transaction(async () => {
      worked = true;
    });
    await expect(write).rejects.toMatchObject({ code: "store_unavailable", reason: "busy" });
    expect(worked).toBe(false);
    expect(await store.users.get(ada.id)).toStrictEqual(ada);
    other.exec("rollback");
    await store.transaction((tx) => tx.users.update(ada.id, { name: "later" }));
    expect((await store.users.get(ada.id))?.name).toBe("later");
  });

  test("waits also at its opening, and says so when the lock stays", async () => {
    const file = join(emptyFolder(), "postern.db");
    const first = await opened(file);
    await first.transaction((tx) => tx.users.insert(ada));
    await first.close();
    const other = anotherProcess(file);
    other.exec("pragma locking_mode = exclusive; begin exclusive; commit");
    const refused = openSqlite(file, { now: () => NOW, patience: { backOff: [1], wait: async () => {} } });
    await expect(refused).rejects.toMatchObject({ code: "store_unavailable", reason: "busy" });
    const store = await opened(file, { backOff: [1], wait: async () => other.close() });
    expect(await store.users.get(ada.id)).toStrictEqual(ada);
  });

  test("refuses to write into a file that was deleted or replaced under it", async () => {
    const file = join(emptyFolder(), "postern.db");
    const store = await opened(file);
    renameSync(file, `${file}.away`);
    const gone = { code: "store_unavailable", reason: "file_gone" };
    await expect(store.transaction((tx) => tx.users.insert(ada))).rejects.toMatchObject(gone);
    await expect(store.loginTransactions.consume("state", NOW)).rejects.toMatchObject(gone);
    await expect(store.ping()).rejects.toMatchObject(gone);
    writeFileSync(file, "");
    await expect(store.ping()).rejects.toMatchObject(gone);
  });

  test("says which file cannot be opened, and why", async () => {
    const folder = emptyFolder();
    const notADatabase = join(folder, "letter.txt");
    writeFileSync(notADatabase, "Dear Ada, ".repeat(1_000));
    mkdirSync(join(folder, "folder.db"));
    const expectRefusal = (file: string, reason: string) =>
      expect(openSqlite(file, { now: () => NOW })).rejects.toMatchObject({
        code: "store_unavailable",
        reason,
        message: expect.stringContaining(file),
      });
    await expectRefusal(notADatabase, "not_a_database");
    await expectRefusal(join(folder, "folder.db"), "cannot_open");
    await expectRefusal(join(notADatabase, "postern.db"), "cannot_open");
  });

  test("deletes with a user what belongs to the user", async () => {
    const file = join(emptyFolder(), "postern.db");
    const store = await opened(file);
    await store.transaction(async (tx) => {
      await tx.users.insert(ada);
      await tx.grants.insert({ userId: ada.id, role: "owner", source: "direct", createdAt: NOW });
    });
    anotherProcess(file).exec("delete from postern_users");
    expect(await store.grants.ofUser(ada.id)).toEqual([]);
  });

  test("works beside a newer version that has only added, and refuses what cannot be worked beside", async () => {
    const file = join(emptyFolder(), "postern.db");
    await expectWorkBesideNewer(await opened(file), (sql) => anotherProcess(file).exec(sql));
  });

  test("refuses what is said after the transaction has ended", async () => {
    const store = await opened(join(emptyFolder(), "postern.db"));
    let late: Promise<void> = Promise.resolve();
    await store.transaction(async (tx) => {
      late = Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => tx.users.insert(ada));
      late.catch(() => {});
    });
    await store.transaction(async () => {});
    await expect(late).rejects.toThrow();
    expect(await store.users.get(ada.id)).toBeNull();
  });

  test("carries out login transactions long after their end, some at each sign-in", async () => {
    const file = join(emptyFolder(), "postern.db");
    const store = await opened(file);
    const other = anotherProcess(file);
    const day = 24 * 60 * 60 * 1_000;
    const insert = other.prepare("insert into postern_login_transactions values (?, ?)");
    for (let n = 0; n < 60; n++) insert.run(`old-${n}`, NOW - day - 1);
    insert.run("kept", NOW - day);
    const left = () => other.prepare("select count(*) as n from postern_login_transactions").get()?.n;
    const spend = (state: string) => store.transaction((tx) => tx.loginTransactions.consume(state, NOW));
    await spend("new-1");
    expect(left()).toBe(60 - 50 + 2);
    await spend("new-2");
    expect(left()).toBe(3);
    expect(await spend("kept")).toBe(false);
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

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "postern-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function opened(file: string, patience?: Patience): Promise<Store> {
  const store = await openSqlite(file, { now: () => NOW, ...(patience && { patience }) });
  onTestFinished(() => store.close());
  await store.migrate();
  return store;
}

/** A connection that is not ours. */
function anotherProcess(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  onTestFinished(() => {
    if (database.isOpen) database.close();
  });
  return database;
}

function mode(path: string): number {
  return statSync(path).mode & 0o777;
}
