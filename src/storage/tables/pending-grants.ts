import type { Kysely } from "kysely";
import type { PendingGrant, PendingGrantReader, PendingGrantWriter } from "../../model/pending-grant.ts";
import type { Schema } from "../schema.ts";

const COLUMNS = [
  "id",
  "provider",
  "who",
  "role",
  "created_at as createdAt",
  "created_by as createdBy",
  "reason",
] as const;

/** What stands in the column for "any provider". */
const ANY = "";

/** Reading the roles that wait for somebody. */
export function pendingGrantReader(db: Kysely<Schema>): PendingGrantReader {
  const grants = () => db.selectFrom("postern_pending_grants").select(COLUMNS).orderBy("id");
  return {
    list: async () => (await grants().execute()).map(toPendingGrant),

    findFor: async (people) => {
      if (people.length === 0) return [];
      const rows = await grants()
        .where((eb) =>
          eb.or(
            people.map(({ provider, who }) =>
              eb.and([eb("who", "=", who), eb("provider", "=", provider ?? ANY)]),
            ),
          ),
        )
        .execute();
      return rows.map(toPendingGrant);
    },
  };
}

/** Writing the roles that wait for somebody, inside a transaction. */
export function pendingGrantWriter(tx: Kysely<Schema>): PendingGrantWriter {
  return {
    ...pendingGrantReader(tx),

    insert: async ({ id, provider, who, role, createdAt, createdBy, reason }) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_pending_grants")
        .values({
          id,
          provider: provider ?? ANY,
          who,
          role,
          created_at: createdAt,
          created_by: createdBy,
          reason,
        })
        .onConflict((conflict) => conflict.columns(["who", "provider", "role"]).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    delete: async (id) => {
      const deleted = tx.deleteFrom("postern_pending_grants").where("id", "=", id);
      return (await deleted.executeTakeFirst()).numDeletedRows === 1n;
    },
  };
}

type Row = Omit<PendingGrant, "provider"> & { readonly provider: string };

function toPendingGrant({ provider, ...rest }: Row): PendingGrant {
  return { ...rest, provider: provider === ANY ? null : provider };
}
