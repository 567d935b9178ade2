import { Writable } from "node:stream";
import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from "kysely";
import type { Pool, PoolClient } from "pg";
import { againWhileUndone } from "./again-while-undone.ts";
import { nameOfFixed } from "./fixed-query.ts";
import { fromPostgresError, isServerAnswer } from "./postgres-errors.ts";
import type { PreparedNames } from "./postgres-names.ts";
import type { Schema } from "./schema.ts";

/** What Kysely needs beside the pool. */
export interface Uses {
  readonly pool: Pool;
  readonly names: PreparedNames;
  /** Milliseconds that one statement may take. */
  readonly statementTimeout: number;
}

/**
 * The pool as Kysely uses it. Errors are PosternErrors; a connection whose state is not certain is thrown away; and a
 * commit that the server turned into a rollback is an error.
 */
export function postgresKysely(uses: Uses): Kysely<Schema> {
  return new Kysely({ dialect: new PostgresDialect({ pool: kyselyPool(uses) }) });
}

/**
 * The same for statements outside of any transaction. One that reads several tables takes them one after the other, and
 * so does a migration: when each has what the other wants, the server undoes the statement, which is then said again.
 */
export function readingKysely(uses: Uses, isUndone: (error: unknown) => boolean): Kysely<Schema> {
  const { connect, end } = kyselyPool(uses);
  const pool: PostgresPool = {
    connect: async () => {
      const client = await connect();
      const query = (sql: string, parameters: readonly unknown[]) =>
        againWhileUndone(isUndone, () => client.query(sql, parameters));
      return { query: query as unknown as PostgresPoolClient["query"], release: () => client.release() };
    },
    end,
  };
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

function kyselyPool(uses: Uses): PostgresPool {
  const { pool } = uses;
  return {
    connect: async () => {
      try {
        return kyselyClient(await pool.connect(), uses);
      } catch (error) {
        throw fromPostgresError(error);
      }
    },
    end: () => pool.end(),
  };
}

type Say = (text: string, parameters: readonly unknown[]) => Promise<PostgresQueryResult<never>>;

/** What the server would say to a transaction in which nothing happened. */
const NOTHING: PostgresQueryResult<never> = { command: "SELECT", rowCount: 0, rows: [] };

function kyselyClient(client: PoolClient, { names, statementTimeout }: Uses): PostgresPoolClient {
  // Limits on the server's side; they hold for this transaction only, and cost no round trip of their own. A process that
  // stands still in the middle of it lets go before those who wait for it give up: none of them ever waits for a provider.
  const idle = Math.ceil(statementTimeout / 2);
  const begin = `begin; set local statement_timeout = ${statementTimeout}; set local idle_in_transaction_session_timeout = ${idle}`;
  let isAboutToBegin = false;
  let uncertain = false;
  /** `ending` = its end has been said, and may not have been answered yet. */
  let transaction: "none" | "open" | "ending" = "none";
  /** Of the transaction: the first one. */
  let failure: unknown = null;

  const say: Say = async (text, parameters) => {
    try {
      const name = names.allow(nameOfFixed(text));
      sendTogether(client);
      const said = await client.query({ text, values: [...parameters], ...(name !== null && { name }) });
      if (text === "commit" && said.command !== "COMMIT") {
        throw new Error("The transaction was rolled back: a statement in it had failed.");
      }
      return said as unknown as PostgresQueryResult<never>;
    } catch (error) {
      if (text === begin || text === "rollback" || !isServerAnswer(error)) uncertain = true;
      // What made the transaction fail is the error that people must see.
      if (text === "rollback") return NOTHING;
      // Of several that were asked at once the server refuses the later ones because of the first, which is what counts:
      // also one whose name it would have learned from a statement that it has not looked at any more.
      if (failure === null) names.learnFrom(error);
      const told = failure ?? fromPostgresError(error);
      if (transaction !== "none") failure = told;
      throw told;
    }
  };
  const sayInTurn = isPipelined(client) ? say : inTurn(say);
  const query: Say = async (text, parameters) => {
    if (text === "begin") {
      isAboutToBegin = true;
      transaction = "open";
      failure = null;
      return NOTHING;
    }
    // What is asked too late would be done outside of the transaction, and stay. A commit that failed is rolled back.
    if (transaction === "ending" && text !== "rollback") throw new Error("The transaction has ended.");
    if (text === "commit" || text === "rollback") transaction = "ending";
    if (!isAboutToBegin) return sayInTurn(text, parameters);
    isAboutToBegin = false;
    if (text === "commit" || text === "rollback") return NOTHING;
    // Together with the first statement, which saves a trip to the server and back. Where beginning fails, nothing is done
    // outside of a transaction: the server has refused its limits and waits for the end, or has hung up.
    const [, said] = await Promise.all([sayInTurn(begin, []), sayInTurn(text, parameters)]);
    return said;
  };
  return { query: query as unknown as PostgresPoolClient["query"], release: () => client.release(uncertain) };
}

function isPipelined(client: PoolClient): boolean {
  return Reflect.get(client, "pipeline") === true;
}

/** One after the other, in the order of the calls. */
function inTurn(say: Say): Say {
  let before: Promise<unknown> = Promise.resolve();
  return (text, parameters) => {
    const said = before.then(() => say(text, parameters));
    before = said.catch(() => {});
    return said;
  };
}

/**
 * What is said until this turn ends leaves in one write: each one wakes the server up, and costs more than everything else
 * about a statement (80 µs of 150). `pg` shows its socket in no type: where it is not as we know it, nothing is gained.
 */
function sendTogether(client: PoolClient): void {
  const socket: unknown = Reflect.get(Object(Reflect.get(client, "connection")), "stream");
  if (!(socket instanceof Writable) || socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}
