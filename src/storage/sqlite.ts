import { closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { PosternError } from "../errors.ts";
import type { SessionReader } from "../model/session.ts";
import type { Store } from "../model/store.ts";
import { plainDdl } from "./ddl.ts";
import { createMutex, type Mutex } from "./mutex.ts";
import { nodeSqliteDialect } from "./node-sqlite-dialect.ts";
import { DEFAULT_PATIENCE, type Patience, retryWhileBusy } from "./retry-while-busy.ts";
import type { Schema } from "./schema.ts";
import { type SnapshotRow, snapshotSql, toSnapshot } from "./session-snapshot.ts";
import { fromSqliteError } from "./sqlite-errors.ts";
import { createStore, type Engine, type StoreParts } from "./store.ts";

/** Milliseconds to wait for our own transactions before us. */
const QUEUE_PATIENCE = 10_000;

export interface SqliteOptions extends StoreParts {
  /** How to wait for other processes; for tests. */
  readonly patience?: Patience;
}

/**
 * Opens or creates a SQLite file, with one connection that writes and one that reads, so that reading never waits for
 * writing and never sees what is not committed. @throws PosternError `store_unavailable`
 */
export async function openSqlite(path: string, options: SqliteOptions): Promise<Store> {
  const { patience = DEFAULT_PATIENCE } = options;
  const file = resolve(path);
  const databases: DatabaseSync[] = [];
  try {
    createPrivateFile(file);
    const writer = new DatabaseSync(file);
    databases.push(writer);
    const reader = new DatabaseSync(file);
    databases.push(reader);
    await prepareConnections(writer, reader, patience);
    return createStore(createEngine(file, writer, reader, options), options);
  } catch (error) {
    for (const database of databases) database.close();
    throw cannotOpen(file, fromSqliteError(error));
  }
}

/** Owner only: it holds people's names and who may do what. SQLite gives its helper files the same mode. */
function createPrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    // Only ever a new file: closing any descriptor of an open database drops all locks that this process has on it.
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

async function prepareConnections(
  writer: DatabaseSync,
  reader: DatabaseSync,
  patience: Patience,
): Promise<void> {
  const pragmas = "pragma foreign_keys = on; pragma cache_size = -16000;";
  const mode = await retryWhileBusy(() => writer.prepare("pragma journal_mode = wal").get(), patience);
  if (mode?.journal_mode !== "wal") {
    throw new PosternError(
      "store_unavailable",
      "SQLite cannot use its write-ahead log there; is it a network disk?",
      {
        reason: "no_wal",
      },
    );
  }
  await retryWhileBusy(() => writer.exec(pragmas), patience);
  await retryWhileBusy(() => reader.exec(`${pragmas} pragma query_only = on`), patience);
}

function createEngine(
  file: string,
  writer: DatabaseSync,
  reader: DatabaseSync,
  { now, patience = DEFAULT_PATIENCE }: SqliteOptions,
): Engine {
  const mutex = createMutex(QUEUE_PATIENCE);
  const assertInPlace = inPlaceAssertion(file);
  const open = (database: DatabaseSync, guard: Mutex, beforeTransaction: () => void) =>
    new Kysely<Schema>({
      dialect: nodeSqliteDialect({ database, mutex: guard, patience, beforeTransaction }),
    });
  let closing: Promise<void> | null = null;
  const assertOpen = () => {
    if (closing !== null)
      throw new PosternError("store_unavailable", "The store is closed.", { reason: "closed" });
  };
  const beforeWriting = () => {
    assertOpen();
    assertInPlace();
    // Only when the last rollback failed; nothing of it may be kept.
    if (writer.isTransaction) writer.exec("rollback");
  };
  const waitForDisk = diskWaiting(writer);
  const writing = open(writer, mutex, () => {
    beforeWriting();
    waitForDisk("full");
  });
  const writingQuickly = open(writer, mutex, () => {
    beforeWriting();
    waitForDisk("normal");
  });
  return {
    name: "sqlite",
    ddl: async () => plainDdl("sqlite"),
    reader: open(reader, createMutex(QUEUE_PATIENCE), assertOpen),
    writer: writing,
    quickWriter: writingQuickly,
    alone: (statement) =>
      writingQuickly.connection().execute((db) => {
        beforeWriting();
        waitForDisk("normal");
        return statement(db);
      }),
    migrating: (work) => work(writing),
    // `begin immediate` lets in one writer at a time, in this process and in all others: every transaction holds
    // these locks already.
    lockMigrations: async () => {},
    gaveWay: () => false,
    lockOwners: async () => {},
    lockRequests: async () => {},
    lockPolicy: async () => {},
    lockProviderSession: async () => {},
    isUndone: () => false,
    openView: async () => {
      assertOpen();
      return openView(file, patience);
    },
    findBySecretHash: secretHashFinder(reader, now, patience),
    changeCounter: changeCounter(reader),
    channel: null,
    pool: () => null,
    // Whoever asks the counter sees it.
    announce: async () => {},
    ping: async () => {
      assertOpen();
      assertInPlace();
      await retryWhileBusy(() => reader.prepare("select 1").get(), patience);
    },
    close: () => {
      closing ??= closeAfterTransactions(mutex, [writer, reader]);
      return closing;
    },
  };
}

/**
 * `full`: a sign-out that was answered stays a sign-out when the power fails. It costs one fsync per transaction, which
 * takes whatever was committed before with it. `normal`: nothing is lost as long as the machine stays up, and when it does
 * not, only the last transactions are: somebody who has just signed in does so once more.
 */
function diskWaiting(writer: DatabaseSync): (level: "full" | "normal") => void {
  let current: string | null = null;
  return (level) => {
    if (level === current) return;
    writer.exec(`pragma synchronous = ${level}`);
    current = level;
  };
}

/** A connection of its own: whoever reads for minutes keeps the others from nothing but shrinking the log. */
async function openView(file: string, patience: Patience) {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    // The first look, not the beginning, decides which moment is seen.
    await retryWhileBusy(() => database.exec("begin; select count(*) from sqlite_schema"), patience);
  } catch (error) {
    database.close();
    throw error;
  }
  const options = { database, mutex: createMutex(QUEUE_PATIENCE), patience, beforeTransaction: () => {} };
  return {
    db: new Kysely<Schema>({ dialect: nodeSqliteDialect(options) }),
    close: async () => database.close(),
  };
}

/** A file that was deleted or replaced goes on working, and everything in it is lost at the next start. Say so now. */
function inPlaceAssertion(file: string): () => void {
  const opened = statSync(file);
  return () => {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.ino === opened.ino && found.dev === opened.dev) return;
    throw new PosternError(
      "store_unavailable",
      `The database file ${file} was deleted or replaced. Restart.`,
      {
        reason: "file_gone",
      },
    );
  };
}

/** Synchronous and without Kysely: this runs on every request that the cache does not answer. */
function secretHashFinder(
  reader: DatabaseSync,
  now: () => number,
  patience: Patience,
): SessionReader["findBySecretHash"] {
  // Prepared at the first call: before the first migration there is no such table.
  const prepare = () => {
    const statement = reader.prepare(snapshotSql("sqlite"));
    statement.setReturnArrays(true);
    return statement;
  };
  let statement: ReturnType<typeof prepare> | null = null;
  const find = (secretHash: string) => {
    statement ??= prepare();
    const row = statement.get(secretHash, now()) as unknown as SnapshotRow | undefined;
    return row === undefined ? null : toSnapshot(row);
  };
  return (secretHash) => {
    try {
      return find(secretHash);
    } catch {
      return retryWhileBusy(() => find(secretHash), patience);
    }
  };
}

/** `data_version` of a connection changes whenever any other connection, of any process, commits. */
function changeCounter(reader: DatabaseSync): () => number {
  const statement = reader.prepare("pragma data_version");
  statement.setReturnArrays(true);
  return () => {
    try {
      return (statement.get() as unknown as readonly [number])[0];
    } catch (error) {
      throw fromSqliteError(error);
    }
  };
}

async function closeAfterTransactions(mutex: Mutex, databases: readonly DatabaseSync[]): Promise<void> {
  await mutex.lock();
  for (const database of databases) database.close();
  mutex.unlock();
}

function cannotOpen(file: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof PosternError && error.code !== "store_unavailable") return error;
  const reason =
    error instanceof PosternError ? error.reason : hasCode(error, "ENOSPC") ? "disk_full" : "cannot_open";
  return new PosternError(
    "store_unavailable",
    `The database file ${file} cannot be opened: ${error.message}`,
    {
      cause: error,
      ...(reason !== null && { reason }),
    },
  );
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
