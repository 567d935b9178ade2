import type { Kysely } from "kysely";
import type { Recheck, RecheckReader, RecheckWriter } from "../../model/recheck.ts";
import { lockFreeRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";

const TABLE = "postern_rechecks";
const COLUMNS = [
  "identity_id as identityId",
  "due_at as dueAt",
  "confirmed_at as confirmedAt",
  "failures",
  "refusals",
] as const;

/** Reading when people are looked at again. */
export function recheckReader(db: Kysely<Schema>): RecheckReader {
  return {
    get: async (identityId) =>
      (await db.selectFrom(TABLE).where("identity_id", "=", identityId).select(COLUMNS).executeTakeFirst()) ??
      null,
  };
}

/** Writing it, inside a transaction. */
export function recheckWriter(tx: Kysely<Schema>, engine: EngineName): RecheckWriter {
  return {
    ...recheckReader(tx),

    put: async ({ identityId, ...noted }) => {
      const columns = toColumns(noted);
      await tx
        .insertInto(TABLE)
        .values({ identity_id: identityId, ...columns })
        .onConflict((conflict) => conflict.column("identity_id").doUpdateSet(columns))
        .execute();
    },

    claim: async ({ now, farthest, limit }, next) => {
      // What was put off by a clock that ran ahead is rare, and looked for by the same index.
      const due = tx
        .selectFrom(TABLE)
        .where((eb) => eb.or([eb("due_at", "<=", now), eb("due_at", ">", now + farthest)]))
        .orderBy("due_at")
        .limit(limit)
        .select(COLUMNS);
      const claimed: readonly Recheck[] = await lockFreeRows(engine, due).execute();
      for (const recheck of claimed) {
        await tx
          .updateTable(TABLE)
          .set({ due_at: next(recheck) })
          .where("identity_id", "=", recheck.identityId)
          .execute();
      }
      return claimed;
    },

    settle: async ({ identityId, dueAt }, after) => {
      const { numUpdatedRows } = await tx
        .updateTable(TABLE)
        .set(toColumns(after))
        .where("identity_id", "=", identityId)
        .where("due_at", "=", dueAt)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}

function toColumns({ dueAt, confirmedAt, failures, refusals }: Omit<Recheck, "identityId">) {
  return { due_at: dueAt, confirmed_at: confirmedAt, failures, refusals };
}
