import type { Kysely, Transaction } from "kysely";
import type { RoleGrantReader, RoleGrantWriter } from "../../model/role.ts";
import type { Schema } from "../schema.ts";

const COLUMNS = ["user_id as userId", "role", "source", "created_at as createdAt"] as const;

/** Reading who holds which role, and why. */
export function grantReader(db: Kysely<Schema>): RoleGrantReader {
  return {
    ofUser: (userId) =>
      db
        .selectFrom("postern_grants")
        .where("user_id", "=", userId)
        .select(COLUMNS)
        .orderBy("role")
        .orderBy("source")
        .execute(),

    ofUsers: async (userIds) =>
      userIds.length === 0
        ? []
        : db
            .selectFrom("postern_grants")
            .where("user_id", "in", userIds)
            .select(COLUMNS)
            .orderBy("user_id")
            .orderBy("role")
            .orderBy("source")
            .execute(),

    countUsableHolders: async (role, providers, except) => {
      if (providers.length === 0) return 0;
      const usable = db
        .selectFrom("postern_grants as grant")
        .innerJoin("postern_users as user", "user.id", "grant.user_id")
        .innerJoin("postern_identities as identity", "identity.user_id", "user.id")
        .where("grant.role", "=", role)
        .where("user.status", "=", "active")
        .where("identity.provider", "in", providers);
      const counted = except === undefined ? usable : usable.where("user.id", "!=", except);
      const { holders } = await counted
        .select((eb) => eb.fn.count<number>("user.id").distinct().as("holders"))
        .executeTakeFirstOrThrow();
      return holders;
    },
  };
}

/** Writing grants, inside a transaction. */
export function grantWriter(
  tx: Transaction<Schema>,
  lockOwners: (tx: Transaction<Schema>) => Promise<void>,
): RoleGrantWriter {
  return {
    ...grantReader(tx),

    insert: async ({ userId, role, source, createdAt }) => {
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_grants")
        .values({ user_id: userId, role, source, created_at: createdAt })
        .onConflict((conflict) => conflict.columns(["user_id", "role", "source"]).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    delete: async ({ userId, role, source }) => {
      const { numDeletedRows } = await tx
        .deleteFrom("postern_grants")
        .where("user_id", "=", userId)
        .where("role", "=", role)
        .where("source", "=", source)
        .executeTakeFirst();
      return numDeletedRows === 1n;
    },

    lockOwners: () => lockOwners(tx),
  };
}
