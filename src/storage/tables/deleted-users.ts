import type { Kysely } from "kysely";
import type { DeletedUser, DeletedUserReader, DeletedUserWriter } from "../../model/deleted-user.ts";
import { fold } from "../fold.ts";
import { lockRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";

const COLUMNS = ["deleted_at as deletedAt", "deleted_by as deletedBy", "reason", "kept"] as const;

/** Reading who was deleted. */
export function deletedUserReader(db: Kysely<Schema>): DeletedUserReader {
  return {
    find: async (who) => {
      const rows = await db
        .selectFrom("postern_deleted_users")
        .where((eb) => eb.or([eb("id", "=", who), eb("email_folded", "=", fold(who))]))
        .select(COLUMNS)
        .orderBy("id")
        .execute();
      return rows.map(toDeletedUser);
    },

    list: async ({ since, limit }) => {
      const rows = await db
        .selectFrom("postern_deleted_users")
        .where("deleted_at", ">", since)
        .select(COLUMNS)
        .orderBy("deleted_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .execute();
      return rows.map(toDeletedUser);
    },

    following: async ({ deletedAt, id }, limit) => {
      const rows = await db
        .selectFrom("postern_deleted_users")
        // The first half alone tells the index where to begin.
        .where("deleted_at", ">=", deletedAt)
        .where((eb) => eb.or([eb("deleted_at", ">", deletedAt), eb("id", ">", id)]))
        .select(COLUMNS)
        .orderBy("deleted_at")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toDeletedUser);
    },

    deletedUntil: async (until, limit) => {
      const rows = await db
        .selectFrom("postern_deleted_users")
        .where("deleted_at", "<=", until)
        .select("id")
        .orderBy("deleted_at")
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

/** Keeping what was deleted and giving it back, inside a transaction. */
export function deletedUserWriter(tx: Kysely<Schema>, engine: EngineName): DeletedUserWriter {
  return {
    ...deletedUserReader(tx),

    insert: async ({ user, identities, grants, deletedAt, deletedBy, reason }) => {
      await tx
        .insertInto("postern_deleted_users")
        .values({
          id: user.id,
          email_folded: user.email === null ? null : fold(user.email),
          deleted_at: deletedAt,
          deleted_by: deletedBy,
          reason,
          kept: JSON.stringify({ user, identities, grants }),
        })
        .execute();
    },

    take: async (id) => {
      const found = tx.selectFrom("postern_deleted_users").where("id", "=", id).select(COLUMNS);
      const row = await lockRows(engine, found).executeTakeFirst();
      if (row === undefined) return null;
      await tx.deleteFrom("postern_deleted_users").where("id", "=", id).execute();
      return toDeletedUser(row);
    },
  };
}

type Row = Pick<DeletedUser, "deletedAt" | "deletedBy" | "reason"> & { readonly kept: string };

function toDeletedUser({ kept, ...rest }: Row): DeletedUser {
  return { ...JSON.parse(kept), ...rest };
}
