import type { Kysely } from "kysely";
import type { LoginTransactionWriter } from "../../model/login-transaction.ts";
import type { EngineName, Schema } from "../schema.ts";

/** Milliseconds that a spent transaction is remembered after its end, so that no skewed clock can bring it back. */
const KEEP_AFTER_EXPIRY = 24 * 60 * 60 * 1_000;
/** How many forgotten rows one sign-in carries out. */
const SWEEP = 50;

/** Spending login transactions: the unique key decides who was first. */
export function loginTransactionWriter(
  tx: Kysely<Schema>,
  engine: EngineName,
  now: () => number,
): LoginTransactionWriter {
  return {
    consume: async (stateHash, expiresAt) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_login_transactions")
        .values({ state_hash: stateHash, expires_at: expiresAt })
        .onConflict((conflict) => conflict.column("state_hash").doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows !== 1n) return false;
      await sweep(tx, engine, now() - KEEP_AFTER_EXPIRY);
      return true;
    },
  };
}

/** A few old rows at each sign-in, so that the table never grows for ever and no sign-in ever waits for it. */
async function sweep(tx: Kysely<Schema>, engine: EngineName, before: number): Promise<void> {
  await tx
    .deleteFrom("postern_login_transactions")
    .where("state_hash", "in", (eb) => {
      const old = eb
        .selectFrom("postern_login_transactions")
        .where("expires_at", "<", before)
        .orderBy("expires_at")
        .select("state_hash")
        .limit(SWEEP);
      // Two sign-ins at once must not wait for each other over rubbish. SQLite has one writer anyway.
      return engine === "postgres" ? old.forUpdate().skipLocked() : old;
    })
    .execute();
}
