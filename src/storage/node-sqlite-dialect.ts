import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import type { Mutex } from "./mutex.ts";
import { type Patience, retryWhileBusy } from "./retry-while-busy.ts";

/** Statements kept prepared per connection; ours are fewer, but lists of ids make new ones. */
const STATEMENTS = 200;

export interface NodeSqliteOptions {
  readonly database: DatabaseSync;
  /** Held from the first to the last statement of whoever uses the connection. */
  readonly mutex: Mutex;
  readonly patience: Patience;
  /** Called before a transaction begins; what it throws keeps the transaction from beginning. */
  readonly beforeTransaction: () => void;
}

/** Kysely over one connection of Node's own SQLite. Errors are PosternErrors already. */
export function nodeSqliteDialect(options: NodeSqliteOptions): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(options),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

function createDriver({ database, mutex, patience, beforeTransaction }: NodeSqliteOptions): Driver {
  const run = statementRunner(database);
  return {
    init: async () => {},
    acquireConnection: async () => {
      await mutex.lock();
      return createConnection(run, patience);
    },
    beginTransaction: async () => {
      beforeTransaction();
      // Immediate: a transaction that reads first and writes later could otherwise find the store changed in between.
      await retryWhileBusy(() => database.exec("begin immediate"), patience);
    },
    commitTransaction: async (connection) => {
      (connection as Connection).assertUsable();
      await retryWhileBusy(() => database.exec("commit"), patience);
    },
    rollbackTransaction: async () => {
      rollback(database);
    },
    releaseConnection: async (connection) => {
      (connection as Connection).end();
      mutex.unlock();
    },
    destroy: async () => {},
  };
}

interface Connection extends DatabaseConnection {
  /** @throws what an earlier statement threw */
  assertUsable(): void;
  /** From now on nothing more can be said on it. */
  end(): void;
}

function createConnection(
  run: (query: CompiledQuery) => QueryResult<unknown>,
  patience: Patience,
): Connection {
  let failure: unknown = null;
  let ended = false;
  const assertUsable = () => {
    if (ended)
      throw new Error("This connection was given back: something in the transaction was not awaited.");
    // As in PostgreSQL: after a failed statement nothing else happens in the transaction, also when somebody caught
    // the error. SQLite would go on, and after some errors (disk full) even outside of any transaction.
    if (failure !== null) throw failure;
  };
  return {
    executeQuery: async <R>(query: CompiledQuery) => {
      assertUsable();
      try {
        return (await retryWhileBusy(() => run(query), patience)) as QueryResult<R>;
      } catch (error) {
        failure = error;
        throw error;
      }
    },
    streamQuery: () => {
      throw new Error("The SQLite store does not stream.");
    },
    assertUsable,
    end: () => {
      ended = true;
    },
  };
}

/** Keeps statements prepared, the most recent ones, by their text. */
function statementRunner(database: DatabaseSync): (query: CompiledQuery) => QueryResult<unknown> {
  const statements = new Map<string, Prepared>();
  return ({ sql, parameters }) => {
    const known = statements.get(sql);
    const statement = known ?? prepare(database, sql);
    if (known !== undefined) statements.delete(sql);
    statements.set(sql, statement);
    const oldest = statements.size > STATEMENTS ? statements.keys().next().value : undefined;
    if (oldest !== undefined) statements.delete(oldest);
    return execute(statement, parameters as SQLInputValue[]);
  };
}

interface Prepared {
  readonly statement: StatementSync;
  /** Whether it answers rows. Asking SQLite costs as much as a look-up by key. */
  readonly answersRows: boolean;
}

function prepare(database: DatabaseSync, sql: string): Prepared {
  const statement = database.prepare(sql);
  return { statement, answersRows: statement.columns().length > 0 };
}

function execute({ statement, answersRows }: Prepared, parameters: SQLInputValue[]): QueryResult<unknown> {
  if (answersRows) {
    // Rows come without a prototype; ours shall look like everybody else's objects.
    return { rows: statement.all(...parameters).map((row) => ({ ...row })) };
  }
  const { changes } = statement.run(...parameters);
  return { rows: [], numAffectedRows: BigInt(changes) };
}

/** Never throws: what made the transaction fail is the error that people must see. */
function rollback(database: DatabaseSync): void {
  try {
    // Some errors have rolled back already, and a closed file has too.
    if (database.isTransaction) database.exec("rollback");
  } catch {
    // Whoever writes next begins with it.
  }
}
