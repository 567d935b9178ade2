import { type Kysely, sql } from "kysely";
import type { Schema } from "./schema.ts";

/** Begins a transaction that only reads and sees one moment; `release` is called when it has ended, or could not begin. */
export async function readingTransaction(
  db: Kysely<Schema>,
  release: () => Promise<void>,
): Promise<{ readonly db: Kysely<Schema>; close(): Promise<void> }> {
  try {
    const begin = db.startTransaction().setIsolationLevel("repeatable read").setAccessMode("read only");
    const tx = await begin.execute();
    // The first look at a table, not the beginning, decides which moment is seen.
    await sql`select 1 from postern_users limit 1`.execute(tx);
    const close = async () => {
      await tx.rollback().execute().finally(release);
    };
    return { db: tx, close };
  } catch (error) {
    await release();
    throw error;
  }
}
