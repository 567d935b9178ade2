import { type Kysely, sql } from "kysely";
import type {
  EmailVerified,
  Identity,
  IdentityKey,
  IdentityReader,
  IdentityWriter,
} from "../../model/identity.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import type { Schema } from "../schema.ts";

const COLUMNS = [
  "id",
  "user_id as userId",
  "provider",
  "issuer",
  "subject",
  "handle",
  "email",
  "email_verified",
  "created_at as createdAt",
  "last_used_at as lastUsedAt",
] as const;

type Columns = Schema["postern_identities"];

const FIND = fixedQuery((db, value: Value<IdentityKey>) =>
  db
    .selectFrom("postern_identities")
    .where("provider", "=", value("provider"))
    .where("issuer", "=", value("issuer"))
    .where("subject", "=", value("subject"))
    .select(COLUMNS),
);

const INSERT = fixedQuery((db, value: Value<Columns>) =>
  db
    .insertInto("postern_identities")
    .values({
      ...columns(value, ["id", "user_id", "provider", "issuer", "subject", "handle", "email"]),
      ...columns(value, ["email_verified", "created_at", "last_used_at", "derived_at"]),
    })
    .onConflict((conflict) => conflict.columns(["provider", "issuer", "subject"]).doNothing()),
);

/** What a sign-in changes. */
const UPDATE = fixedQuery(
  (db, value: Value<Omit<Columns, "user_id" | "provider" | "issuer" | "created_at">>) =>
    db
      .updateTable("postern_identities")
      .set(columns(value, ["handle", "email", "email_verified", "last_used_at", "subject", "derived_at"]))
      .where("id", "=", value("id")),
);

/** Those who have signed in by a version that did not note it were last used then. */
const DERIVED_AT = sql<number>`coalesce(derived_at, last_used_at)`;

/** Reading identities. */
export function identityReader(db: Kysely<Schema>): IdentityReader {
  const identities = () => db.selectFrom("postern_identities").select(COLUMNS);
  return {
    find: async (key) => {
      const row = await FIND.first(db, key);
      return row === null ? null : toIdentity(row);
    },

    ofUser: async (userId) =>
      (await identities().where("user_id", "=", userId).orderBy("id").execute()).map(toIdentity),

    ofUsers: async (userIds) =>
      userIds.length === 0
        ? []
        : (await identities().where("user_id", "in", userIds).execute()).map(toIdentity),

    lastDerived: async (userId) => {
      const last = await identities()
        .where("user_id", "=", userId)
        .orderBy(DERIVED_AT, "desc")
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return last?.id ?? null;
    },

    findByHandle: async (provider, handleOrSubject) => {
      // Two look-ups, each by its own index; with `or`, SQLite reads everybody of that provider.
      const ofProvider = identities().where("provider", "=", provider);
      const byHandle = ofProvider.where("handle", "=", handleOrSubject);
      const bySubject = ofProvider.where("subject", "=", handleOrSubject);
      const rows = await byHandle.union(bySubject).orderBy("id").execute();
      return rows.map(toIdentity);
    },
  };
}

/** Writing identities, inside a transaction. */
export function identityWriter(tx: Kysely<Schema>): IdentityWriter {
  return {
    ...identityReader(tx),

    insert: async (identity, derivedAt = null) => {
      // Not an error caught afterwards: in PostgreSQL that would end the whole transaction.
      const inserted = await INSERT.run(tx, {
        id: identity.id,
        user_id: identity.userId,
        provider: identity.provider,
        issuer: identity.issuer,
        subject: identity.subject,
        handle: identity.handle,
        email: identity.email,
        email_verified: toColumn(identity.emailVerified),
        created_at: identity.createdAt,
        last_used_at: identity.lastUsedAt,
        derived_at: derivedAt,
      });
      return inserted === 1;
    },

    update: async (id, { handle, email, emailVerified, lastUsedAt, subject, derivedAt }) => {
      const changed = { handle, email, email_verified: toColumn(emailVerified), last_used_at: lastUsedAt };
      if (subject !== undefined && derivedAt !== undefined) {
        await UPDATE.run(tx, { ...changed, id, subject, derived_at: derivedAt });
        return;
      }
      // First: MySQL takes what stands before it for what was there, and it must be the time before this use.
      const derived_at = derivedAt ?? DERIVED_AT;
      await tx
        .updateTable("postern_identities")
        .set({ derived_at, ...changed, ...(subject !== undefined && { subject }) })
        .where("id", "=", id)
        .execute();
    },

    move: async (from, to) => {
      await tx.updateTable("postern_identities").set({ user_id: to }).where("user_id", "=", from).execute();
    },

    delete: async (id) => {
      await tx.deleteFrom("postern_identities").where("id", "=", id).execute();
    },
  };
}

type Row = Omit<Identity, "emailVerified"> & { readonly email_verified: number | null };

function toIdentity({ email_verified, ...rest }: Row): Identity {
  return { ...rest, emailVerified: email_verified === null ? null : email_verified === 1 };
}

function toColumn(emailVerified: EmailVerified): number | null {
  return emailVerified === null ? null : Number(emailVerified);
}
