import { DatabaseSync, type StatementSync } from "node:sqlite";
import pg from "pg";
import { SILENT_LOG } from "../../src/model/log.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { type Rows, rowsOf, type Value } from "./people.ts";

const BATCH = 5_000;

/** Puts so many people into a database, past the store: a million come in a minute or two. Leaves it as a server leaves it. */
export async function fill(database: string, people: number): Promise<void> {
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  await store.migrate();
  await store.close();
  const bulk = database.startsWith("file:")
    ? openSqliteBulk(database.slice("file:".length))
    : await openPostgresBulk(database);
  const now = Date.now();
  for (let start = 0; start < people; start += BATCH) {
    const batch = new Map<string, Rows[string][number][]>();
    for (let n = start; n < Math.min(start + BATCH, people); n++) {
      for (const [table, rows] of Object.entries(rowsOf(n, people, now))) {
        const before = batch.get(table);
        if (before === undefined) batch.set(table, [...rows]);
        else before.push(...rows);
      }
    }
    for (const [table, rows] of batch) await bulk.insert(table, rows);
  }
  await bulk.close();
}

interface Bulk {
  insert(table: string, rows: Rows[string]): Promise<void>;
  close(): Promise<void>;
}

function openSqliteBulk(file: string): Bulk {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -400000");
  const statements = new Map<string, StatementSync>();
  return {
    async insert(table, rows) {
      const columns = Object.keys(rows[0] ?? {});
      const places = columns.map(() => "?").join();
      const statement =
        statements.get(table) ?? database.prepare(`insert into ${table} (${columns}) values (${places})`);
      statements.set(table, statement);
      database.exec("begin");
      for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
      database.exec("commit");
    },
    async close() {
      database.close();
    },
  };
}

async function openPostgresBulk(url: string): Promise<Bulk> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    async insert(table, rows) {
      const columns = Object.keys(rows[0] ?? {});
      const lists = columns.map((column) => rows.map((row): Value => row[column] ?? null));
      const places = lists.map(
        (list, index) => `$${index + 1}::${typeof list[0] === "number" ? "bigint" : "text"}[]`,
      );
      await client.query(`insert into ${table} (${columns}) select * from unnest(${places})`, lists);
    },
    async close() {
      // What autovacuum does within minutes.
      await client.query("vacuum analyze");
      await client.end();
    },
  };
}
