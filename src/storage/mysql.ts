import { Kysely, MysqlDialect, type MysqlPool, sql, type Transaction } from "kysely";
import { sha256 } from "../crypto/hash.ts";
import { PosternError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import type { SessionReader } from "../model/session.ts";
import type { Store } from "../model/store.ts";
import { fixedSql, type Value } from "./fixed-query.ts";
import { mysqlDdl } from "./mysql-ddl.ts";
import { isDeadlock, isThereAlready } from "./mysql-errors.ts";
import { type BorrowedPool, kyselyPool, openPool, poolUse } from "./mysql-pool.ts";
import { mysqlWords } from "./mysql-words.ts";
import { readingTransaction } from "./reading-transaction.ts";
import type { Schema } from "./schema.ts";
import { type SnapshotRow, snapshotSql, toSnapshot } from "./session-snapshot.ts";
import { createStore, type Engine, type StoreParts } from "./store.ts";

const CONNECTIONS = 10;
/** Milliseconds for one statement of a migration, and for waiting until another process has migrated. */
const MIGRATION_TIMEOUT = 5 * 60_000;

const LOCK = {
  alone: fixedSql(
    (value: Value<{ readonly name: string }>) =>
      sql`insert into postern_locks (name) values (${value("name")}) on duplicate key update name = name`,
  ),
  shared: fixedSql(
    (value: Value<{ readonly name: string }>) =>
      sql`select name from postern_locks where name = ${value("name")} lock in share mode`,
  ),
};

export interface MysqlOptions extends StoreParts {
  readonly log: Log;
  /** Milliseconds for one statement of the daily work. Default 10 seconds. */
  readonly statementTimeout?: number;
}

/** Opens a pool for MySQL 8 or MariaDB; connects at the first call. @throws ConfigError when `mysql2` is not installed. */
export async function openMysql(url: string, options: MysqlOptions): Promise<Store> {
  const { now, log, statementTimeout = 10_000 } = options;
  const pool = await openPool({ url, log, connections: CONNECTIONS, statementTimeout });
  const borrowing = kyselyPool(pool, statementTimeout);
  const db = kysely(borrowing);
  let closing: Promise<void> | null = null;
  const engine: Engine = {
    name: "mysql",
    ddl: async (db) => mysqlDdl((await version(db)).includes("MariaDB") ? "mariadb" : "mysql"),
    reader: db,
    writer: db,
    quickWriter: db,
    alone: (statement) => statement(db),
    migrating: async (work) => {
      // After `close` the daily pool refuses, and so must this.
      await ping(borrowing);
      const own = await openPool({ url, log, connections: 1, statementTimeout: MIGRATION_TIMEOUT });
      // Each change of a table commits at once, so a migration that was cut off is walked through again.
      const migrating = kyselyPool(own, MIGRATION_TIMEOUT, isThereAlready);
      return work(kysely(migrating)).finally(() => migrating.close());
    },
    // Held by the connection, which is closed when the migrations have run: a transaction would end too early.
    lockMigrations,
    gaveWay: isDeadlock,
    lockOwners: (tx) => lock(tx, "owners"),
    lockRequests: (tx) => lock(tx, "requests"),
    lockPolicy: (tx, how) => lock(tx, "policy", how),
    lockProviderSession: (tx, key) => lock(tx, `provider-session-${bucketOf(key)}`),
    isUndone: isDeadlock,
    openView: async () => {
      // After `close` the daily pool refuses, and so must this.
      await ping(borrowing);
      const own = kyselyPool(
        await openPool({ url, log, connections: 1, statementTimeout }),
        statementTimeout,
      );
      return readingTransaction(kysely(own), () => own.close());
    },
    findBySecretHash: secretHashFinder(borrowing, now),
    // MySQL has nothing that tells of changes: what was read is believed for less than a second.
    changeCounter: null,
    channel: null,
    announce: async () => {},
    pool: () => poolUse(pool),
    ping: () => ping(borrowing),
    close: () => {
      closing ??= borrowing.close();
      return closing;
    },
  };
  return createStore(engine, options);
}

function kysely(pool: MysqlPool): Kysely<Schema> {
  return new Kysely({ dialect: new MysqlDialect({ pool }), plugins: [mysqlWords()] });
}

async function version(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(db);
  return rows[0]?.version ?? "";
}

async function lockMigrations(tx: Transaction<Schema>): Promise<void> {
  // Locks are the server's, so the name holds the database's. 64 characters at most.
  const name = sql`left(concat('postern_migrations.', sha1(database())), 64)`;
  const seconds = sql.lit(MIGRATION_TIMEOUT / 1_000);
  const { rows } = await sql<{ got: number }>`select get_lock(${name}, ${seconds}) as got`.execute(tx);
  if (rows[0]?.got === 1) return;
  throw new PosternError("store_unavailable", "MySQL: another process has been migrating for five minutes.", {
    reason: "busy",
  });
}

/** Held until the transaction ends, whichever way it ends: a lock of the server's own would outlive it. */
async function lock(tx: Transaction<Schema>, name: string, how: "shared" | "alone" = "alone"): Promise<void> {
  await LOCK[how].all(tx, { name });
}

/** Few rows for however many sessions: those that share one wait for each other, which does no harm. */
function bucketOf(key: string): string {
  return sha256(key).charAt(0);
}

async function ping(pool: BorrowedPool): Promise<void> {
  await pool.execute({ sql: "select 1", values: [] });
}

function secretHashFinder(pool: BorrowedPool, now: () => number): SessionReader["findBySecretHash"] {
  const text = snapshotSql("mysql");
  return async (secretHash) => {
    const rows = await pool.execute({ sql: text, values: [now(), secretHash], rowsAsArray: true });
    const row = rows[0] as unknown as SnapshotRow | undefined;
    return row === undefined ? null : toSnapshot(row);
  };
}
