import type { Kysely } from "kysely";
import type { LoginTransactionWriter } from "../../model/login-transaction.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import type { EngineName, Schema } from "../schema.ts";
import { sweep } from "../sweep.ts";

/** Milliseconds that a spent transaction is remembered after its end, so that no skewed clock can bring it back. */
const KEEP_AFTER_EXPIRY = 24 * 60 * 60 * 1_000;
/** One in so many sweeps as well, for where nobody keeps house; a sweep takes as many rows as have come since. */
const SWEEP_EVERY = 50;

const SPEND = fixedQuery((db, value: Value<Schema["postern_login_transactions"]>) =>
  db
    .insertInto("postern_login_transactions")
    .values(columns(value, ["state_hash", "expires_at"]))
    .onConflict((conflict) => conflict.column("state_hash").doNothing()),
);

/** Spending login transactions: the unique key decides who was first. */
export function loginTransactionWriter(
  tx: Kysely<Schema>,
  engine: EngineName,
  now: () => number,
): LoginTransactionWriter {
  return {
    consume: async (stateHash, expiresAt) => {
      if (!(await spend(tx, stateHash, expiresAt))) return false;
      await sweep(tx, engine, "login_transactions", now() - KEEP_AFTER_EXPIRY);
      return true;
    },
  };
}

interface Engine {
  readonly name: EngineName;
  readonly writer: Kysely<Schema>;
  readonly alone: <T>(statement: (db: Kysely<Schema>) => Promise<T>) => Promise<T>;
}

/** The same by one statement, which is a transaction by itself: nothing else happens together with it. */
export function loginTransactionSpender(engine: Engine, now: () => number): LoginTransactionWriter {
  let spent = 0;
  return {
    consume: async (stateHash, expiresAt) => {
      if (!(await engine.alone((db) => spend(db, stateHash, expiresAt)))) return false;
      spent++;
      if (spent % SWEEP_EVERY === 0) {
        const before = now() - KEEP_AFTER_EXPIRY;
        // The attempt is spent: nobody is turned away because of others'. Housekeeping sweeps, too.
        await engine.writer
          .transaction()
          .execute((tx) => sweep(tx, engine.name, "login_transactions", before))
          .catch(() => {});
      }
      return true;
    },
  };
}

async function spend(db: Kysely<Schema>, stateHash: string, expiresAt: number): Promise<boolean> {
  return (await SPEND.run(db, { state_hash: stateHash, expires_at: expiresAt })) === 1;
}
