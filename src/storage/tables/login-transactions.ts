import type { Kysely } from "kysely";
import type { LoginTransactionWriter } from "../../model/login-transaction.ts";
import type { EngineName, Schema } from "../schema.ts";
import { sweep } from "../sweep.ts";

/** Milliseconds that a spent transaction is remembered after its end, so that no skewed clock can bring it back. */
const KEEP_AFTER_EXPIRY = 24 * 60 * 60 * 1_000;

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
      await sweep(tx, engine, "login_transactions", now() - KEEP_AFTER_EXPIRY);
      return true;
    },
  };
}
