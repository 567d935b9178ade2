import { type Kysely, type RawBuilder, sql } from "kysely";
import type { EngineName } from "./schema.ts";

/** Columns of one index. */
export interface IndexColumns {
  readonly table: string;
  readonly columns: readonly string[];
  /** Those of them that are `text`: an engine may need to know how much of them to look at. */
  readonly long?: readonly string[];
}

/**
 * How an engine says what migrations need, so that one migration serves all engines. Migrations are frozen, and so is
 * what these words mean: a new need is a new word.
 */
export interface Ddl {
  readonly engine: EngineName;
  /** Text of any length, compared and sorted byte for byte, whatever language the database was made for. */
  readonly text: RawBuilder<unknown>;
  /** The same for what is a key, or part of one: at most 255 characters. */
  readonly key: RawBuilder<unknown>;
  /** Ends `create table`: the row lies in the primary key's own tree, one descent less for every look-up. */
  readonly keyed: RawBuilder<unknown>;
  /** Makes an index that is named after its columns. */
  index(db: Kysely<unknown>, index: IndexColumns): Promise<void>;
  /** Lets no two rows have the same values in these columns; they may be `text` and must not be null. */
  unique(db: Kysely<unknown>, name: string, table: string, columns: readonly string[]): Promise<void>;
}

/** The words of SQLite and PostgreSQL. */
export function plainDdl(engine: "sqlite" | "postgres"): Ddl {
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;
  return {
    engine,
    text,
    key: text,
    keyed: engine === "postgres" ? sql`` : sql`without rowid`,
    index: (db, { table, columns }) =>
      db.schema
        .createIndex(indexName(table, columns))
        .on(table)
        .columns([...columns])
        .execute(),
    unique: (db, name, table, columns) =>
      db.schema
        .createIndex(name)
        .unique()
        .on(table)
        .columns([...columns])
        .execute(),
  };
}

export function indexName(table: string, columns: readonly string[]): string {
  return `${table}_by_${columns.join("_")}`;
}
