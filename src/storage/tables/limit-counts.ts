import type { Kysely } from "kysely";
import type { LimitCountWriter } from "../../model/limit-count.ts";
import type { Schema } from "../schema.ts";

const TABLE = "postern_limit_counts";

/** Adding up what instances have counted, inside a transaction. */
export function limitCountWriter(tx: Kysely<Schema>): LimitCountWriter {
  return {
    put: async (instance, counts) => {
      if (counts.length === 0) return new Map();
      for (const { id, count, expiresAt } of counts) {
        const row = { count, expires_at: expiresAt };
        await tx
          .insertInto(TABLE)
          .values({ id, instance, ...row })
          .onConflict((conflict) => conflict.columns(["id", "instance"]).doUpdateSet(row))
          .execute();
      }
      const ids = counts.map(({ id }) => id);
      const others = tx.selectFrom(TABLE).where("id", "in", ids).where("instance", "!=", instance);
      const rows = await others.select(["id", "count"]).execute();
      const sums = new Map<string, number>();
      for (const { id, count } of rows) sums.set(id, (sums.get(id) ?? 0) + count);
      return sums;
    },
  };
}
