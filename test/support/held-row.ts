import { setTimeout } from "node:timers/promises";
import pg from "pg";

/** A row that somebody else holds, so that what comes after it happens in an order that a test decides. */
export interface HeldRow {
  /** Resolves when so many others wait for something, be it this row or one another. */
  waiting(others: number): Promise<void>;
  release(): Promise<void>;
}

/** Holds the row of a table of ours that has this id, on a PostgreSQL server. */
export async function holdRow(database: string, table: string, id: string): Promise<HeldRow> {
  const holder = await connect(database);
  // Whoever looks from inside a transaction sees the same activity again and again.
  const observer = await connect(database);
  await holder.query("begin");
  await holder.query(`select id from ${table} where id = $1 for update`, [id]);
  return {
    async waiting(others) {
      for (const deadline = Date.now() + 8_000; ; await setTimeout(5)) {
        const { rows } = await observer.query(WAITING);
        if (rows[0].count >= others) return;
        if (Date.now() > deadline) throw new Error(`${rows[0].count} wait, not ${others}.`);
      }
    },
    async release() {
      await holder.query("rollback");
      await Promise.all([holder.end(), observer.end()]);
    },
  };
}

const WAITING =
  "select count(*)::int as count from pg_stat_activity " +
  "where datname = current_database() and wait_event_type = 'Lock'";

async function connect(database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database });
  await client.connect();
  return client;
}
