import type { Expression, ExpressionBuilder, Kysely, SqlBool } from "kysely";
import type { Session, SessionReader, SessionWriter } from "../../model/session.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import { lockRows } from "../lock-rows.ts";
import type { EngineName, Schema } from "../schema.ts";
import { grantReader } from "./grants.ts";
import { policyReader } from "./policy.ts";
import { userReader } from "./users.ts";

/** Engines bound what one statement may hold (SQLite 32,766 values); nothing is gained above this. */
const BATCH = 1_000;

const TABLE = "postern_sessions";
type Table = typeof TABLE;

const COLUMNS = [
  "id",
  "user_id as userId",
  "secret_hash as secretHash",
  "provider",
  "identity_id as identityId",
  "created_at as createdAt",
  "authenticated_at as authenticatedAt",
  "last_seen_at as lastSeenAt",
  "expires_at as expiresAt",
  "user_agent as userAgent",
  "address",
] as const;

const OF_USER = fixedQuery((db, value: Value<Pick<Session, "userId">>) =>
  db
    .selectFrom(TABLE)
    .where("user_id", "=", value("userId"))
    .select(COLUMNS)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc"),
);

const INSERT = fixedQuery((db, value: Value<Schema[Table]>) =>
  db.insertInto(TABLE).values({
    ...columns(value, ["id", "user_id", "secret_hash", "provider", "identity_id", "created_at"]),
    ...columns(value, ["authenticated_at", "last_seen_at", "expires_at", "user_agent", "address"]),
  }),
);

const DELETE_EXPIRED = fixedQuery((db, value: Value<{ readonly userId: string; readonly at: number }>) =>
  db.deleteFrom(TABLE).where("user_id", "=", value("userId")).where("expires_at", "<=", value("at")),
);

/** Reading sessions one by one or by user; the look-up by secret is each engine's own. */
export function sessionReader(db: Kysely<Schema>): Omit<SessionReader, "findBySecretHash"> {
  const sessions = () => db.selectFrom(TABLE).select(COLUMNS);
  return {
    get: async (id) => (await sessions().where("id", "=", id).executeTakeFirst()) ?? null,
    ofUser: (userId) => OF_USER.all(db, { userId }),
  };
}

/** Writing sessions, inside a transaction. */
export function sessionWriter(tx: Kysely<Schema>, engine: EngineName, now: () => number): SessionWriter {
  /** Not `returning`, which MySQL does not know: whoever is second finds nothing to read. */
  const take = async (which: (eb: ExpressionBuilder<Schema, Table>) => Expression<SqlBool>) => {
    const sessions = await lockRows(engine, tx.selectFrom(TABLE).where(which).select(COLUMNS)).execute();
    const ids = sessions.map(({ id }) => id);
    if (ids.length > 0) await tx.deleteFrom(TABLE).where("id", "in", ids).execute();
    return sessions;
  };
  return {
    ...sessionReader(tx),

    findBySecretHash: async (secretHash) => {
      const found = tx.selectFrom(TABLE).where("secret_hash", "=", secretHash).select(COLUMNS);
      const session = await found.executeTakeFirst();
      const user = session === undefined ? null : await userReader(tx, engine, now).get(session.userId);
      if (session === undefined || user === null) return null;
      const grants = await grantReader(tx, now).ofUser(user.id);
      const policyVersion = await policyReader(tx).version();
      const ends = grants.flatMap(({ expiresAt }) => expiresAt ?? []);
      return {
        session,
        user,
        roles: [...new Set(grants.map(({ role }) => role))],
        rolesUntil: ends.length === 0 ? null : Math.min(...ends),
        policyVersion,
      };
    },

    insert: async (session) => {
      await INSERT.run(tx, toRow(session));
    },

    touch: async (id, lastSeenAt) => {
      await tx
        .updateTable(TABLE)
        .set({ last_seen_at: lastSeenAt })
        .where("id", "=", id)
        .where("last_seen_at", "<", lastSeenAt)
        .execute();
    },

    // One statement that looks and writes: of two at once the second finds another secret.
    renew: async (id, formerHash, { secretHash, authenticatedAt, lastSeenAt }) => {
      const { numUpdatedRows } = await tx
        .updateTable("postern_sessions")
        .set({ secret_hash: secretHash, authenticated_at: authenticatedAt, last_seen_at: lastSeenAt })
        .where("id", "=", id)
        .where("secret_hash", "=", formerHash)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    delete: async (ids) => {
      const deleted: Session[] = [];
      for (let start = 0; start < ids.length; start += BATCH) {
        const batch = ids.slice(start, start + BATCH);
        deleted.push(...(await take((session) => session("id", "in", batch))));
      }
      return deleted;
    },

    deleteExpired: (userId, at) => DELETE_EXPIRED.run(tx, { userId, at }),

    deleteOfUser: (userId, except) =>
      take((session) => {
        const theirs = session("user_id", "=", userId);
        return except === undefined ? theirs : session.and([theirs, session("id", "!=", except)]);
      }),
  };
}

function toRow(session: Session): Schema["postern_sessions"] {
  return {
    id: session.id,
    user_id: session.userId,
    secret_hash: session.secretHash,
    provider: session.provider,
    identity_id: session.identityId,
    created_at: session.createdAt,
    authenticated_at: session.authenticatedAt,
    last_seen_at: session.lastSeenAt,
    expires_at: session.expiresAt,
    user_agent: session.userAgent,
    address: session.address,
  };
}
