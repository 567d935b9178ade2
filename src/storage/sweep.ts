import { type Kysely, sql } from "kysely";
import type { EngineName, Schema } from "./schema.ts";

/** Tables whose rows are worth nothing after a while, and what their rows are called by. */
const SWEPT = {
  postern_login_transactions: "state_hash",
  postern_provider_sign_outs: "state_hash",
  postern_logout_notices: "token_hash",
} as const satisfies Partial<Record<keyof Schema, string>>;

/** How many rows go at a time. */
const MOST = 50;

/** Deletes a few rows that expired before this moment: so that the table never grows for ever and nobody waits for it. */
export async function sweep(
  tx: Kysely<Schema>,
  engine: EngineName,
  table: keyof typeof SWEPT,
  before: number,
): Promise<void> {
  const [from, key] = [sql.table(table), sql.ref(SWEPT[table])];
  // Two at once must not wait for each other over rubbish. SQLite has one writer anyway.
  const skipping = engine === "sqlite" ? sql`` : sql`for update skip locked`;
  const old = sql<{ readonly key: string }>`
    select ${key} as ${sql.ref("key")} from ${from}
    where expires_at < ${before} order by expires_at limit ${MOST} ${skipping}`;
  const keys = (await old.execute(tx)).rows.map((row) => row.key);
  if (keys.length > 0) await sql`delete from ${from} where ${key} in (${sql.join(keys)})`.execute(tx);
}
