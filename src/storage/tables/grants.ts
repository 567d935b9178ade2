import type { ExpressionBuilder, Kysely, RawBuilder, Transaction } from "kysely";
import type { RoleGrant, RoleGrantReader, RoleGrantWriter } from "../../model/role.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import { lockRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";

const COLUMNS = [
  "user_id as userId",
  "role",
  "source",
  "created_at as createdAt",
  "reason",
  "expires_at as expiresAt",
] as const;

interface OfUser {
  readonly userId: string;
  readonly now: number;
}

const OF_USER = fixedQuery((db, value: Value<OfUser>) =>
  db
    .selectFrom("postern_grants")
    .where((eb) => notOver(eb, value("now")))
    .where("user_id", "=", value("userId"))
    .select(COLUMNS)
    .orderBy("role")
    .orderBy("source"),
);

const EXPIRED = fixedQuery(expired);
const LOCK_EXPIRED = fixedQuery((db, value: Value<OfUser>) => expired(db, value).forUpdate());

function expired(db: Kysely<Schema>, value: Value<OfUser>) {
  return db
    .selectFrom("postern_grants")
    .where("expires_at", "<=", value("now"))
    .where("user_id", "=", value("userId"))
    .select(COLUMNS);
}

const INSERT = fixedQuery((db, value: Value<Omit<Schema["postern_grants"], "user_status">>) =>
  db
    .insertInto("postern_grants")
    .values(columns(value, ["user_id", "role", "source", "created_at", "reason", "expires_at"]))
    .onConflict((conflict) => conflict.columns(["user_id", "role", "source"]).doNothing()),
);

/** Reading who holds which role, and why. `now` is in milliseconds since the epoch. */
export function grantReader(db: Kysely<Schema>, now: () => number): RoleGrantReader {
  const lasting = () => db.selectFrom("postern_grants").where((eb) => notOver(eb, now()));
  return {
    ofUser: (userId) => OF_USER.all(db, { userId, now: now() }),

    ofRole: (role, limit) =>
      lasting()
        .where("role", "=", role)
        .select(COLUMNS)
        .orderBy("user_id")
        .orderBy("source")
        .limit(limit)
        .execute(),

    ofUsers: async (userIds) =>
      userIds.length === 0
        ? []
        : lasting()
            .where("user_id", "in", userIds)
            .select(COLUMNS)
            .orderBy("user_id")
            .orderBy("role")
            .orderBy("source")
            .execute(),

    countHolders: async (role) => {
      const { holders } = await lasting()
        .where("role", "=", role)
        .select((eb) => eb.fn.count<number>("user_id").distinct().as("holders"))
        .executeTakeFirstOrThrow();
      return holders;
    },

    countExpired: async () => {
      const { over } = await db
        .selectFrom("postern_grants")
        .where("expires_at", "<=", now())
        .select((eb) => eb.fn.countAll<number | string>().as("over"))
        .executeTakeFirstOrThrow();
      return Number(over);
    },

    countUsableHolders: async (role, providers, except) => {
      if (providers.length === 0) return 0;
      const usable = db
        .selectFrom("postern_grants as grant")
        .innerJoin("postern_users as user", "user.id", "grant.user_id")
        .innerJoin("postern_identities as identity", "identity.user_id", "user.id")
        .where("grant.role", "=", role)
        .where("grant.expires_at", "is", null)
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
  engine: EngineName,
  now: () => number,
  lockOwners: (tx: Transaction<Schema>) => Promise<void>,
): RoleGrantWriter {
  const remove = async ({ userId, role, source }: Pick<RoleGrant, "userId" | "role" | "source">) => {
    const { numDeletedRows } = await tx
      .deleteFrom("postern_grants")
      .where("user_id", "=", userId)
      .where("role", "=", role)
      .where("source", "=", source)
      .executeTakeFirst();
    return numDeletedRows === 1n;
  };
  // SQLite lets in one writer at a time anyway.
  const expiredOf = (userId: string) =>
    (engine === "sqlite" ? EXPIRED : LOCK_EXPIRED).all(tx, { userId, now: now() });
  const someExpired = (limit: number) => {
    const over = tx.selectFrom("postern_grants").where("expires_at", "<=", now()).select(COLUMNS);
    return lockRows(engine, over.orderBy("expires_at").orderBy("user_id").limit(limit)).execute();
  };
  return {
    ...grantReader(tx, now),

    insert: async ({ userId, role, source, createdAt, reason = null, expiresAt = null }) => {
      const grant = { user_id: userId, role, source, created_at: createdAt, reason, expires_at: expiresAt };
      if ((await INSERT.run(tx, grant)) === 1) return true;
      // What is there may be over: then it gives way.
      await tx
        .deleteFrom("postern_grants")
        .where("user_id", "=", userId)
        .where("role", "=", role)
        .where("source", "=", source)
        .where("expires_at", "<=", now())
        .execute();
      return (await INSERT.run(tx, grant)) === 1;
    },

    change: async ({ userId, role, source }, { reason, expiresAt }) => {
      const { numUpdatedRows } = await tx
        .updateTable("postern_grants")
        .set({ reason, expires_at: expiresAt })
        .where("user_id", "=", userId)
        .where("role", "=", role)
        .where("source", "=", source)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    delete: remove,

    deleteOfRole: async (role) => {
      const held = tx.selectFrom("postern_grants").where("role", "=", role).select(COLUMNS);
      const ended = await lockRows(engine, held.orderBy("user_id")).execute();
      await tx.deleteFrom("postern_grants").where("role", "=", role).execute();
      return ended;
    },

    takeExpired: async (of) => {
      // Whoever is second finds nothing to read.
      const ended = "userId" in of ? await expiredOf(of.userId) : await someExpired(of.limit);
      for (const grant of ended) await remove(grant);
      return ended;
    },

    lockOwners: () => lockOwners(tx),
  };
}

/** True for a grant that counts at this moment. */
function notOver(eb: ExpressionBuilder<Schema, "postern_grants">, now: number | RawBuilder<number>) {
  return eb.or([eb("expires_at", "is", null), eb("expires_at", ">", now)]);
}
