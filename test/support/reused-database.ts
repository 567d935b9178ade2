import { afterAll } from "vitest";
import { openRawDatabase, type RawDatabase } from "./raw-database.ts";

/**
 * A database server's database whose tables are made once, by `migrate`: each call answers it as its migrations have left
 * it. For the tests of one file, one after the other; making the tables anew for each takes a third of a second.
 */
export function reusedDatabase(
  make: () => Promise<string>,
  migrate: (url: string) => Promise<void>,
): () => Promise<string> {
  let made: Promise<Made> | null = null;
  afterAll(async () => (await made)?.database.close());
  return async () => {
    made ??= makeOnce(make, migrate);
    const { url, database, reset } = await made;
    for (const words of reset) await database.rows(words);
    return url;
  };
}

interface Made {
  readonly url: string;
  readonly database: RawDatabase;
  /** What empties its tables, and puts back what its migrations have put there. */
  readonly reset: readonly string[];
}

async function makeOnce(make: () => Promise<string>, migrate: (url: string) => Promise<void>): Promise<Made> {
  const url = await make();
  await migrate(url);
  const database = await openRawDatabase(url);
  const isMysql = url.startsWith("mysql:");
  const found = await database.rows(
    `select table_name as name from information_schema.tables
     where table_schema = ${isMysql ? "database()" : "current_schema()"} and table_name <> 'postern_migrations'`,
  );
  const tables = found.map(({ name }) => String(name));
  const emptying = tables.map((table) => `delete from ${table}`);
  const filling: string[] = [];
  for (const table of tables) {
    if ((await database.rows(`select 1 from ${table}`)).length === 0) continue;
    await database.rows(`create table as_made_${table} as select * from ${table}`);
    filling.push(`insert into ${table} select * from as_made_${table}`);
  }
  // Whatever refers to whatever, and in whichever order.
  await database.rows(isMysql ? "set foreign_key_checks = 0" : "set session_replication_role = replica");
  const reset = [...emptying, ...filling];
  return { url, database, reset: isMysql ? reset : [reset.join(";")] };
}
