import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { ClientConfig, Pool, PoolClient } from "pg";
import { ConfigError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import { againWhileUndone } from "./again-while-undone.ts";
import { fromPostgresError, isDeadlock, isServerAnswer } from "./postgres-errors.ts";

/** Milliseconds until a new connection must stand. */
const CONNECT_TIMEOUT = 3_000;
/** Milliseconds to wait for a connection of the pool to be free: a crowd waits its turn, as it does on SQLite. */
const QUEUE_PATIENCE = 10_000;
/** Type id of int8 (bigint) in `pg_type`. Our times and counts stay far below 2^53. */
const INT8 = 20;

export interface PoolOptions {
  readonly url: string;
  readonly log: Log;
  readonly connections: number;
  /** Milliseconds that one statement may take. */
  readonly statementTimeout: number;
}

/** A pool of connections that outlives restarts of the server. @throws ConfigError when `pg` is not installed. */
export async function openPool({ url, log, connections, statementTimeout }: PoolOptions): Promise<Pool> {
  const pg = await importPg();
  // The pool has one limit for both kinds of waiting; a client of our own brings the shorter one for connecting.
  class Client extends pg.Client {
    constructor(config?: ClientConfig) {
      super({ ...config, connectionTimeoutMillis: CONNECT_TIMEOUT });
    }
  }
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    Client,
    connectionTimeoutMillis: QUEUE_PATIENCE,
    // The limit on our side, a little later than the server's, whose answer says more. The server's own cannot be a
    // start-up parameter of the connection: poolers refuse those.
    query_timeout: statementTimeout + 500,
    keepAlive: true,
    fallback_application_name: "postern",
    types: {
      // For our pool only: the application may use `pg` too and expect strings.
      getTypeParser: (id, format) => (id === INT8 ? Number : pg.types.getTypeParser(id, format)),
    },
  });
  // Without a listener the loss of a connection would end the process, idle (pool) or in use (client).
  pool.on("error", (error) => log.warn({ err: error.message }, "An idle database connection was lost."));
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/** `load` is for tests. @throws ConfigError when the package is not installed. */
export async function importPg(load: () => Promise<typeof import("pg")> = () => import("pg")) {
  try {
    return (await load()).default;
  } catch (cause) {
    const problem = {
      path: "database",
      message: "A PostgreSQL database needs the package `pg`, which is not installed.",
      fix: "npm install pg",
    };
    throw Object.assign(new ConfigError([problem]), { cause });
  }
}

/**
 * The pool as Kysely uses it. Errors are PosternErrors; a connection whose state is not certain is thrown away; and a
 * commit that the server turned into a rollback is an error.
 */
export function kyselyPool(pool: Pool, statementTimeout: number): PostgresPool {
  return {
    connect: async () => {
      try {
        return kyselyClient(await pool.connect(), statementTimeout);
      } catch (error) {
        throw fromPostgresError(error);
      }
    },
    end: () => pool.end(),
  };
}

/**
 * The same for statements outside of any transaction. One that reads several tables takes them one after the other, and
 * so does a migration: when each has what the other wants, the server undoes the statement, which is then said again.
 */
export function readingPool(pool: Pool, statementTimeout: number): PostgresPool {
  const { connect, end } = kyselyPool(pool, statementTimeout);
  return {
    connect: async () => {
      const client = await connect();
      const query = (sql: string, parameters: readonly unknown[]) =>
        againWhileUndone(isDeadlock, () => client.query(sql, parameters));
      return { query: query as PostgresPoolClient["query"], release: () => client.release() };
    },
    end,
  };
}

function kyselyClient(client: PoolClient, statementTimeout: number): PostgresPoolClient {
  // The limit on the server's side; holds for this transaction only, and costs no round trip of its own.
  const begin = `begin; set local statement_timeout = ${statementTimeout}; set local idle_in_transaction_session_timeout = ${3 * statementTimeout}`;
  let uncertain = false;

  const run = async <R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> => {
    try {
      const result = await client.query(sql === "begin" ? begin : sql, [...parameters]);
      if (sql === "commit" && result.command !== "COMMIT") {
        throw new Error("The transaction was rolled back: a statement in it had failed.");
      }
      return result as unknown as PostgresQueryResult<R>;
    } catch (error) {
      if (sql === "begin" || sql === "rollback" || !isServerAnswer(error)) uncertain = true;
      // What made the transaction fail is the error that people must see.
      if (sql === "rollback") return { command: "SELECT", rowCount: 0, rows: [] };
      throw fromPostgresError(error);
    }
  };
  return {
    query: ((sql: string, parameters: readonly unknown[]) =>
      run(sql, parameters)) as PostgresPoolClient["query"],
    release: () => client.release(uncertain),
  };
}
