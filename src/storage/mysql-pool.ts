import type { MysqlPool, MysqlPoolConnection, MysqlQueryResult } from "kysely";
import type { Pool, PoolConnection, RowDataPacket } from "mysql2";
import { ConfigError, PosternError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import type { PoolUse } from "../model/store.ts";
import { fromMysqlError, isReadOnly, isServerAnswer } from "./mysql-errors.ts";

/** Milliseconds until a new connection must stand. */
const CONNECT_TIMEOUT = 3_000;
/** Milliseconds to wait for a connection of the pool to be free: a crowd waits its turn, as it does on SQLite. */
const QUEUE_PATIENCE = 10_000;
/** Milliseconds that a statement may take longer here than at the server, which ends it first where it can. */
const GRACE = 500;

export interface PoolOptions {
  readonly url: string;
  readonly log: Log;
  readonly connections: number;
  /** Milliseconds that one statement may take. */
  readonly statementTimeout: number;
}

/** A pool of connections that outlives restarts of the server. @throws ConfigError when `mysql2` is not installed. */
export async function openPool(options: PoolOptions): Promise<Pool> {
  const mysql = await importMysql();
  const pool = mysql.createPool({
    uri: options.url,
    connectionLimit: options.connections,
    connectTimeout: CONNECT_TIMEOUT,
    enableKeepAlive: true,
    charset: "utf8mb4",
    // Our times and counts stay far below 2^53.
    supportBigNumbers: true,
    // What changes nothing counts as none, which is how an insert learns that the row was there; for updates see `counted`.
    flags: ["-FOUND_ROWS"],
    // No value of ours is an object; one that is must not become a piece of SQL.
    stringifyObjects: true,
  });
  pool.on("connection", (connection: PoolConnection) => prepare(connection, options));
  return pool;
}

/** `load` is for tests. @throws ConfigError when the package is not installed. */
export async function importMysql(load: () => Promise<typeof import("mysql2")> = () => import("mysql2")) {
  try {
    return await load();
  } catch (cause) {
    const problem = {
      path: "database",
      message: "A MySQL or MariaDB database needs the package `mysql2`, which is not installed.",
      fix: "npm install mysql2",
    };
    throw Object.assign(new ConfigError([problem]), { cause });
  }
}

/** What every new connection is told first. Whatever fails here, the statement that follows meets as well. */
function prepare(connection: PoolConnection, { log, statementTimeout }: PoolOptions): void {
  connection.on("error", (error) =>
    log.warn({ err: error.message }, "An idle database connection was lost."),
  );
  const lockWait = Math.max(1, Math.ceil(statementTimeout / 1_000));
  // A server may have been told otherwise, and a statement without a transaction would then never be committed.
  const settings = `autocommit = 1, sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'`;
  connection.query(`set session ${settings}, innodb_lock_wait_timeout = ${lockWait}`, () => {});
  // As PostgreSQL does it: every statement sees what has been committed by then.
  connection.query("set session transaction isolation level read committed", () => {});
  // Where a client has gone without a word, its transaction lets go of what it has locked. MySQL knows nothing of the kind.
  connection.query(`set session idle_transaction_timeout = ${Math.ceil(lockWait / 2)}`, () => {});
}

/** `mysql2` shows none of this in its types: whatever is not there as we know it is not told. */
export function poolUse(pool: Pool): PoolUse | null {
  const [all, idle, waiting] = ["_allConnections", "_freeConnections", "_connectionQueue"].map((name) => {
    const queue: unknown = Reflect.get(pool, name);
    const length: unknown = Reflect.get(Object(queue), "length");
    return typeof length === "number" ? length : null;
  });
  if (all == null || idle == null || waiting == null) return null;
  return { inUse: all - idle, idle, waiting };
}

/** The pool as Kysely uses it, and how it ends: when everything that was borrowed has come back. */
export interface BorrowedPool extends MysqlPool {
  /** Runs one statement outside of any transaction; the server parses and plans it once per connection. */
  execute(statement: PreparedStatement): Promise<RowDataPacket[]>;
  close(): Promise<void>;
}

export interface PreparedStatement {
  readonly sql: string;
  readonly values: (string | number)[];
  /** Rows as arrays, columns in order. */
  readonly rowsAsArray?: boolean;
}

/**
 * Errors are PosternErrors; a connection whose state is not certain is thrown away; a transaction in which a statement
 * has failed cannot be committed. `forgive` names errors that count as done.
 */
export function kyselyPool(
  pool: Pool,
  statementTimeout: number,
  forgive: (error: unknown) => boolean = () => false,
): BorrowedPool {
  const borrowed = new Set<PoolConnection>();
  let allBack = () => {};
  const giveBack = (connection: PoolConnection, uncertain: boolean) => {
    if (uncertain) connection.destroy();
    else connection.release();
    borrowed.delete(connection);
    if (borrowed.size === 0) allBack();
  };
  return {
    execute: async (statement) => {
      const connection = await borrow(pool);
      borrowed.add(connection);
      return new Promise((resolve, reject) => {
        const ask = (answer: (error: unknown, rows: RowDataPacket[]) => void) =>
          connection.execute<RowDataPacket[]>(statement, answer);
        answeredWithin(statementTimeout, ask, (error, rows) => {
          giveBack(connection, error !== null && !isServerAnswer(error));
          if (error === null) resolve(rows);
          else reject(fromMysqlError(error));
        });
      });
    },
    getConnection: (callback) => {
      borrow(pool).then(
        (connection) => {
          borrowed.add(connection);
          callback(null, kyselyConnection(connection, { statementTimeout, forgive, giveBack }));
        },
        (error: unknown) => callback(error, undefined as never),
      );
    },
    end: (callback) => pool.end(callback),
    close: async () => {
      if (borrowed.size > 0) await new Promise<void>((resolve) => (allBack = resolve));
      await new Promise<void>((resolve) => pool.end(() => resolve()));
    },
  };
}

/** A connection of the pool, within the patience of whoever waits for it. */
function borrow(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    let gone = false;
    const timer = setTimeout(() => {
      gone = true;
      const message = `MySQL: no connection was free for ${QUEUE_PATIENCE / 1_000} seconds.`;
      reject(new PosternError("store_unavailable", message, { reason: "busy" }));
    }, QUEUE_PATIENCE);
    pool.getConnection((error, connection) => {
      clearTimeout(timer);
      if (error !== null && error !== undefined) reject(fromMysqlError(error));
      else if (gone) connection.release();
      else resolve(connection);
    });
  });
}

interface ConnectionOptions {
  readonly statementTimeout: number;
  readonly forgive: (error: unknown) => boolean;
  readonly giveBack: (connection: PoolConnection, uncertain: boolean) => void;
}

type Answer = (error: unknown, result: MysqlQueryResult) => void;

function kyselyConnection(connection: PoolConnection, options: ConnectionOptions): MysqlPoolConnection {
  const { statementTimeout, forgive, giveBack } = options;
  let uncertain = false;
  let failed: unknown = null;

  const say = (sql: string, values: unknown[], answer: Answer): void => {
    if (sql === "commit" && failed !== null) {
      const message = "The transaction was rolled back: a statement in it had failed.";
      say("rollback", [], () => answer(new Error(message, { cause: failed }), NOTHING));
      return;
    }
    // Nothing is said behind a statement that the server may still be at; what is not committed before the connection is
    // thrown away never will be.
    if (sql === "rollback" && uncertain) {
      answer(null, NOTHING);
      return;
    }
    if (sql === "begin") failed = null;
    // Of several that were asked at once, those after the first that fails are not said: where the server has undone the
    // transaction (a deadlock), they would be outside of any, and committed.
    if (failed !== null && sql !== "rollback") {
      answer(fromMysqlError(failed), NOTHING);
      return;
    }
    const ask = (heard: (error: unknown, result: MysqlQueryResult) => void) =>
      connection.query({ sql, values }, (error, result) => heard(error, result as MysqlQueryResult));
    answeredWithin(statementTimeout, ask, (error, result) => {
      if (error === null) return answer(null, counted(result));
      if (forgive(error)) return answer(null, NOTHING);
      failed = error;
      if (sql === "begin" || sql === "rollback" || !isServerAnswer(error) || isReadOnly(error))
        uncertain = true;
      // What made the transaction fail is the error that people must see.
      if (sql === "rollback") return answer(null, NOTHING);
      answer(fromMysqlError(error), NOTHING);
    });
  };
  let turn: Promise<void> = Promise.resolve();
  let isEnding = false;
  const query = (sql: string, values: unknown[], answer: Answer): void => {
    // What is asked too late would be done outside of the transaction, and stay. A commit that failed is rolled back.
    if (isEnding && sql !== "rollback") {
      answer(new Error("The transaction has ended."), NOTHING);
      return;
    }
    isEnding = sql === "commit" || sql === "rollback";
    const said = () =>
      new Promise<void>((resolve) => {
        say(sql, values, (error, result) => {
          answer(error, result);
          resolve();
        });
      });
    turn = turn.then(said);
  };
  return {
    query: query as MysqlPoolConnection["query"],
    release: () => giveBack(connection, uncertain),
  };
}

/**
 * Hears an answer once: the server's, or after `milliseconds` (and a little more) that none came. A host that has gone without
 * a word would be waited for for a quarter of an hour; and the time that `mysql2` itself allows begins only when a statement is
 * said, not while it is being prepared or stands behind another one.
 */
function answeredWithin<T>(
  milliseconds: number,
  ask: (answer: (error: unknown, value: T) => void) => unknown,
  heard: (error: unknown, value: T) => void,
): void {
  let over = false;
  const hear = (error: unknown, value: T) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    heard(error ?? null, value);
  };
  const timer = setTimeout(() => {
    const message = `MySQL: no answer came within ${milliseconds / 1_000} seconds.`;
    hear(new PosternError("store_unavailable", message, { reason: "timeout" }), undefined as never);
  }, milliseconds + GRACE);
  ask(hear);
}

const NOTHING: MysqlQueryResult = [];

/**
 * An update counts the rows that it finds, as on SQLite and PostgreSQL, also those that are so already: "false" means that
 * there was none. The server tells that number in words alone.
 */
function counted(result: MysqlQueryResult): MysqlQueryResult {
  const info: unknown = Reflect.get(result, "info");
  const matched = typeof info === "string" ? /^Rows matched: (\d+)/.exec(info)?.[1] : undefined;
  return matched === undefined ? result : Object.assign(result, { affectedRows: Number(matched) });
}
