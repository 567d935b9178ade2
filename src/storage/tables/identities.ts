import type { Kysely } from "kysely";
import type { EmailVerified, Identity, IdentityReader, IdentityWriter } from "../../model/identity.ts";
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

/** Reading identities. */
export function identityReader(db: Kysely<Schema>): IdentityReader {
  const identities = () => db.selectFrom("postern_identities").select(COLUMNS);
  return {
    find: async ({ provider, issuer, subject }) => {
      const row = await identities()
        .where("provider", "=", provider)
        .where("issuer", "=", issuer)
        .where("subject", "=", subject)
        .executeTakeFirst();
      return row === undefined ? null : toIdentity(row);
    },

    ofUser: async (userId) =>
      (await identities().where("user_id", "=", userId).orderBy("id").execute()).map(toIdentity),

    ofUsers: async (userIds) =>
      userIds.length === 0
        ? []
        : (await identities().where("user_id", "in", userIds).execute()).map(toIdentity),

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

    insert: async (identity) => {
      // Not an error caught afterwards: in PostgreSQL that would end the whole transaction.
      const { numInsertedOrUpdatedRows } = await tx
        .insertInto("postern_identities")
        .values({
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
        })
        .onConflict((conflict) => conflict.columns(["provider", "issuer", "subject"]).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    update: async (id, { handle, email, emailVerified, lastUsedAt, subject }) => {
      const columns = { handle, email, email_verified: toColumn(emailVerified), last_used_at: lastUsedAt };
      await tx
        .updateTable("postern_identities")
        .set(subject === undefined ? columns : { ...columns, subject })
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
