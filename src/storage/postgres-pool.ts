import type { ClientConfig, Pool } from "pg";
import { ConfigError } from "../errors.ts";
import type { Log } from "../model/log.ts";

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
  /** Whether a statement may go out before earlier ones are answered; `pg` before 8.23 cannot. Default true. */
  readonly pipeline?: boolean;
}

/** A pool of connections that outlives restarts of the server. @throws ConfigError when `pg` is not installed. */
export async function openPool(options: PoolOptions): Promise<Pool> {
  const { url, log, connections, statementTimeout, pipeline = true } = options;
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
    pipeline,
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
