import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import pg from "pg";
import { afterEach, describe, expect, test } from "vitest";
import { TASKS } from "../../src/housekeeping/tasks.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { oldRows } from "../../src/storage/sweep.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";

const KINDS = TASKS.flatMap((task) => ("rows" in task ? [task.rows] : []));
const BEFORE = Date.UTC(2030, 0, 1);

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function migrate(database: string): Promise<void> {
  const store = await openStore(database, { now: Date.now, log: SILENT_LOG });
  await store.migrate();
  await store.close();
}

describe("what has had its time is found by an index", () => {
  test("on SQLite, in the order of the index", async () => {
    const folder: ScratchFolder = scratchFolder();
    closing.push(() => folder.remove());
    const database = folder.database("postern.db");
    await migrate(database);
    const raw = await openRawDatabase(database);
    closing.push(() => raw.close());
    const compiler = new Kysely<unknown>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    });
    for (const kind of KINDS) {
      const { sql, parameters } = oldRows(kind, BEFORE, 500).compile(compiler);
      const bound = parameters.reduce<string>((text, value) => text.replace("?", literal(value)), sql);
      const plan = (await raw.rows(`explain query plan ${bound}`)).map(({ detail }) => String(detail));
      expect(plan.join("\n"), kind).toMatch(
        /^SEARCH \S+ USING (COVERING |)INDEX \S+ \(.+\)$|^SEARCH \S+ USING PRIMARY KEY/,
      );
    }
  });

  test("on PostgreSQL", async () => {
    const database = await freshDatabase();
    await migrate(database);
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    closing.push(() => client.end());
    // The tables are empty: it would read them whole, and sort nothing.
    await client.query("set enable_seqscan = off; set enable_sort = off; set enable_bitmapscan = off");
    const compiler = new Kysely<unknown>({
      dialect: {
        createAdapter: () => new PostgresAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new PostgresIntrospector(db),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      },
    });
    for (const kind of KINDS) {
      const { sql, parameters } = oldRows(kind, BEFORE, 500).compile(compiler);
      const { rows } = await client.query(`explain ${sql}`, [...parameters]);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan, kind).toMatch(/Index (Only )?Scan using/);
      expect(plan, kind).toContain("Index Cond");
      expect(plan, kind).not.toMatch(/Sort|Seq Scan/);
    }
  });
});

function literal(value: unknown): string {
  return typeof value === "number" ? String(value) : `'${String(value)}'`;
}
