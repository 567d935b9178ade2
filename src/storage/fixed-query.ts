import {
  type Compilable,
  type CompiledQuery,
  type DatabaseConnection,
  type Kysely,
  type RawBuilder,
  sql,
  type Transaction,
} from "kysely";
import { sha256 } from "../crypto/hash.ts";
import type { Schema } from "./schema.ts";

/** Stands for a value that is told at each call. */
export type Value<Given> = <Name extends keyof Given & string>(name: Name) => RawBuilder<Given[Name]>;

/** A query whose text never changes, whatever it is asked. */
export interface FixedQuery<Given, Row> {
  all(db: Kysely<Schema>, given: Given): Promise<readonly Row[]>;
  /** `null` = there is none. */
  first(db: Kysely<Schema>, given: Given): Promise<Row | null>;
  /** Answers how many rows it has written. */
  run(db: Kysely<Schema>, given: Given): Promise<number>;
}

/**
 * A query that Kysely builds and compiles once for each database, at its first use. For what every sign-in asks: building
 * it costs 11–14 µs of CPU, which is more than SQLite takes to answer, and saying it again 2.
 */
export function fixedQuery<Given, Row>(
  build: (db: Kysely<Schema>, value: Value<Given>) => Compilable<Row>,
): FixedQuery<Given, Row> {
  // By adapter: a database has one, which its transactions share, and which knows the words of its engine.
  const known = new WeakMap<object, CompiledQuery<Row>>();
  const compiled = (db: Kysely<Schema>): CompiledQuery<Row> => {
    const { adapter } = db.getExecutor();
    const before = known.get(adapter);
    if (before !== undefined) return before;
    const query = build(db, (name) => sql`${new Blank(name)}`).compile();
    known.set(adapter, query);
    names.set(query.sql, nameOf(query.sql));
    return query;
  };
  const execute = (db: Kysely<Schema>, given: Given) => {
    const { sql, query, queryId, parameters } = compiled(db);
    const filled = { sql, query, queryId, parameters: fillIn(parameters, given) };
    return (underWay.get(db) ?? db).executeQuery<Row>(filled);
  };
  return {
    all: async (db, given) => (await execute(db, given)).rows,
    first: async (db, given) => (await execute(db, given)).rows[0] ?? null,
    run: async (db, given) => Number((await execute(db, given)).numAffectedRows ?? 0n),
  };
}

/**
 * What a statement is called where engines keep it prepared: another one after every change of its text, since a pooler may
 * lend us a connection on which another version of Postern has prepared its own.
 */
export function nameOf(text: string): string {
  return `postern_${sha256(text).slice(0, 22)}`;
}

/** By text. There are as many as there are fixed queries, and shapes of them. */
const names = new Map<string, string>();

/** What a fixed query is called where engines keep statements prepared by name; `null` = this text is no fixed query's. */
export function nameOfFixed(text: string): string | null {
  return names.get(text) ?? null;
}

/** The connections of transactions that have not ended. */
const underWay = new WeakMap<Kysely<Schema>, DatabaseConnection>();

/**
 * Lets the fixed queries of a transaction go straight to its connection, as long as `work` runs, in the order in which they
 * are asked: the way through Kysely costs as much as SQLite needs to answer (4 µs of 8). Whatever is asked too late takes that way, which refuses it.
 */
export async function withConnection<T>(
  tx: Transaction<Schema>,
  work: (tx: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  await tx.getExecutor().provideConnection(async (connection) => {
    underWay.set(tx, connection);
  });
  try {
    return await work(tx);
  } finally {
    underWay.delete(tx);
  }
}

/** The same for words that no builder has. */
export function fixedSql<Given>(
  build: (value: Value<Given>) => RawBuilder<unknown>,
): FixedQuery<Given, unknown> {
  return fixedQuery((db, value: Value<Given>) => ({ compile: () => build(value).compile(db) }));
}

/** The fixed query for each shape that a question can have: which columns, how many names. There must be few of them. */
export function byShape<Shape extends string | number, Query>(
  make: (shape: Shape) => Query,
): (shape: Shape) => Query {
  const made = new Map<Shape, Query>();
  return (shape) => {
    const query = made.get(shape) ?? make(shape);
    made.set(shape, query);
    return query;
  };
}

/** All columns of a row, for `values` and `set`. */
export function columns<Given, Name extends keyof Given & string>(
  value: Value<Given>,
  names: readonly Name[],
): { [Column in Name]: RawBuilder<Given[Column]> } {
  const entries = names.map((name) => [name, value(name)] as const);
  return Object.fromEntries(entries) as { [Column in Name]: RawBuilder<Given[Column]> };
}

class Blank {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

function fillIn(parameters: readonly unknown[], given: unknown): readonly unknown[] {
  const values = given as Readonly<Record<string, unknown>>;
  return parameters.map((parameter) => (parameter instanceof Blank ? values[parameter.name] : parameter));
}
