import { type Kysely, sql, type Transaction } from "kysely";
import type { Pool } from "pg";
import type { Log } from "../model/log.ts";
import type { SessionReader } from "../model/session.ts";
import type { Changed } from "../model/signals.ts";
import type { Store } from "../model/store.ts";
import { againWhileUndone } from "./again-while-undone.ts";
import { plainDdl } from "./ddl.ts";
import { fixedSql, nameOf, type Value } from "./fixed-query.ts";
import { createPostgresChannel } from "./postgres-channel.ts";
import { fromPostgresError, isDeadlock, isLockTimeout } from "./postgres-errors.ts";
import { postgresKysely, readingKysely } from "./postgres-kysely.ts";
import { isNameTrouble, NO_NAMES, type PreparedNames, preparedNames } from "./postgres-names.ts";
import { CHANGES, toNotice } from "./postgres-notices.ts";
import { openPool } from "./postgres-pool.ts";
import { readingTransaction } from "./reading-transaction.ts";
import type { Schema } from "./schema.ts";
import { type SnapshotRow, snapshotSql, toSnapshot } from "./session-snapshot.ts";
import { createStore, type StoreParts } from "./store.ts";

const CONNECTIONS = 10;
/** Milliseconds for one statement of a migration, and for waiting until another process has migrated. */
const MIGRATION_TIMEOUT = 5 * 60_000;
/**
 * Milliseconds for which a migration waits for a table that others use: longer than the server's `deadlock_timeout`, which
 * is when it sends its own vacuum away, but never longer than people may be kept waiting.
 */
const BEYOND_DEADLOCK_TIMEOUT = 500;
const LONGEST_LOCK_TIMEOUT = 3_000;

/** First key of our advisory locks: "POST" in ASCII, to stay clear of the application's. The second says which. */
const LOCK_SPACE = 0x504f5354;
const MIGRATIONS_LOCK = 1;
const OWNERS_LOCK = 2;
const REQUESTS_LOCK = 3;
const POLICY_LOCK = 4;
/** First key of the locks of sessions at providers: "POSL". The second is a hash, so that few wait for each other. */
const PROVIDER_SESSIONS = 0x504f534c;

type Which = { readonly which: number };
const LOCK = fixedSql(
  (value: Value<Which>) =>
    sql`select pg_advisory_xact_lock(${sql.lit(LOCK_SPACE)}::int4, ${value("which")}::int4)`,
);
const SHARE_LOCK = fixedSql(
  (value: Value<Which>) =>
    sql`select pg_advisory_xact_lock_shared(${sql.lit(LOCK_SPACE)}::int4, ${value("which")}::int4)`,
);
const LOCK_PROVIDER_SESSION = fixedSql(
  (value: Value<{ readonly key: string }>) =>
    sql`select pg_advisory_xact_lock(${sql.lit(PROVIDER_SESSIONS)}::int4, hashtext(${value("key")}))`,
);
const NOTIFY = fixedSql(
  (value: Value<{ readonly notice: string }>) =>
    sql`select pg_notify(${sql.lit(CHANGES)}, ${value("notice")})`,
);

export interface PostgresOptions extends StoreParts {
  readonly log: Log;
  /** Milliseconds for one statement of the daily work. Default 10 seconds. */
  readonly statementTimeout?: number;
  /** False = as with `pg` before 8.23; for tests. */
  readonly pipeline?: boolean;
}

/** Opens a pool; connects at the first call. @throws ConfigError when the package `pg` is not installed. */
export async function openPostgres(url: string, options: PostgresOptions): Promise<Store> {
  const { now, log, statementTimeout = 10_000, pipeline = true } = options;
  const pool = await openPool({ url, log, connections: CONNECTIONS, statementTimeout, pipeline });
  const names = preparedNames(log);
  const db = postgresKysely({ pool, names, statementTimeout });
  const channel = createPostgresChannel({ url, log });
  let closing: Promise<void> | null = null;
  const engine = {
    name: "postgres" as const,
    ddl: async () => plainDdl("postgres"),
    reader: readingKysely({ pool, names, statementTimeout }, isUndone),
    writer: db,
    quickWriter: db,
    alone: async <T>(statement: (db: Kysely<Schema>) => Promise<T>) => statement(db),
    migrating: async <T>(work: (db: Kysely<Schema>) => Promise<T>) => {
      // After `close` the daily pool refuses, and so must this.
      await ping(pool);
      const own = await openPool({ url, log, connections: 1, statementTimeout: MIGRATION_TIMEOUT });
      const migrating = postgresKysely({
        pool: own,
        names: NO_NAMES,
        statementTimeout: MIGRATION_TIMEOUT,
      });
      return work(migrating).finally(() => own.end());
    },
    lockMigrations: async (tx: Transaction<Schema>) => {
      await lock(tx, MIGRATIONS_LOCK);
      // Whoever waits for a table makes everybody behind them wait: from here on never for long.
      await limitLockWait(tx);
    },
    gaveWay: (error: unknown) => isDeadlock(error) || isLockTimeout(error),
    lockOwners: (tx: Transaction<Schema>) => lock(tx, OWNERS_LOCK),
    lockRequests: (tx: Transaction<Schema>) => lock(tx, REQUESTS_LOCK),
    lockPolicy: (tx: Transaction<Schema>, how: "shared" | "alone") =>
      how === "alone" ? lock(tx, POLICY_LOCK) : shareLock(tx, POLICY_LOCK),
    lockProviderSession: async (tx: Transaction<Schema>, key: string) => {
      await LOCK_PROVIDER_SESSION.run(tx, { key });
    },
    isUndone,
    openView: async () => {
      // After `close` the daily pool refuses, and so must this.
      await ping(pool);
      const own = await openPool({ url, log, connections: 1, statementTimeout });
      const reading = postgresKysely({ pool: own, names: NO_NAMES, statementTimeout });
      return readingTransaction(reading, () => own.end());
    },
    findBySecretHash: secretHashFinder(pool, names, now),
    // None that is cheap and synchronous; changes arrive by the channel.
    changeCounter: null,
    channel,
    announce: async (tx: Transaction<Schema>, changed: Changed) => {
      await NOTIFY.run(tx, { notice: toNotice(changed) });
    },
    pool: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    ping: () => ping(pool),
    close: () => {
      // Waits for those that are in use.
      closing ??= Promise.all([channel.close(), pool.end()]).then(() => {});
      return closing;
    },
  };
  return createStore(engine, options);
}

function isUndone(error: unknown): boolean {
  return isDeadlock(error) || isNameTrouble(error);
}

/** Held until the transaction ends, whichever way it ends. */
async function lock(tx: Transaction<Schema>, which: number): Promise<void> {
  await LOCK.run(tx, { which });
}

/** As `lock`, but together with everyone else who shares it. */
async function shareLock(tx: Transaction<Schema>, which: number): Promise<void> {
  await SHARE_LOCK.run(tx, { which });
}

async function limitLockWait(tx: Transaction<Schema>): Promise<void> {
  await sql`
    select set_config('lock_timeout', least(setting::int + ${sql.lit(BEYOND_DEADLOCK_TIMEOUT)},
      ${sql.lit(LONGEST_LOCK_TIMEOUT)})::text, true)
    from pg_settings where name = 'deadlock_timeout'`.execute(tx);
}

async function ping(pool: Pool): Promise<void> {
  try {
    await pool.query("select 1");
  } catch (error) {
    throw fromPostgresError(error);
  }
}

function secretHashFinder(
  pool: Pool,
  names: PreparedNames,
  now: () => number,
): SessionReader["findBySecretHash"] {
  const statement = { text: snapshotSql("postgres"), rowMode: "array" as const };
  const ownName = nameOf(statement.text);
  const ask = async (secretHash: string) => {
    try {
      const name = names.allow(ownName);
      const values = [secretHash, now()];
      return await pool.query({ ...statement, values, ...(name !== null && { name }) });
    } catch (error) {
      names.learnFrom(error);
      throw fromPostgresError(error);
    }
  };
  return async (secretHash) => {
    const { rows } = await againWhileUndone(isUndone, () => ask(secretHash));
    const row = rows[0] as unknown as SnapshotRow | undefined;
    return row === undefined ? null : toSnapshot(row);
  };
}
