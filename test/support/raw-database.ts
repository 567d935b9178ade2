import { DatabaseSync } from "node:sqlite";
import mysql from "mysql2/promise";
import pg from "pg";

/** A look at what is really stored, past everything of ours. */
export interface RawDatabase {
  /** The rows of a query; whole numbers of PostgreSQL's `count` come as numbers. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  close(): Promise<void>;
}

/** Opens `file:…`, `postgres://…` or `mysql://…` as options say it. */
export async function openRawDatabase(database: string): Promise<RawDatabase> {
  if (database.startsWith("file:")) {
    const file = new DatabaseSync(database.slice("file:".length));
    return { rows: async (sql) => file.prepare(sql).all(), close: async () => file.close() };
  }
  if (database.startsWith("mysql:")) {
    const connection = await mysql.createConnection(database);
    const rows = async (sql: string) => (await connection.query<mysql.RowDataPacket[]>(sql))[0];
    return { rows, close: () => connection.end() };
  }
  const client = new pg.Client({ connectionString: database });
  client.setTypeParser(pg.types.builtins.INT8, Number);
  await client.connect();
  return { rows: async (sql) => (await client.query(sql)).rows, close: () => client.end() };
}
