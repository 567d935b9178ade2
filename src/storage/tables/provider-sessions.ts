import type { Kysely } from "kysely";
import type { ProviderSessionReader, ProviderSessionWriter } from "../../model/provider-session.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import type { Schema } from "../schema.ts";

const INSERT = fixedQuery((db, value: Value<Schema["postern_provider_sessions"]>) =>
  db
    .insertInto("postern_provider_sessions")
    .values(columns(value, ["session_id", "provider", "issuer", "subject", "sid", "id_token", "created_at"])),
);

/** Reading what is known of sessions at providers. */
export function providerSessionReader(db: Kysely<Schema>): ProviderSessionReader {
  return {
    get: async (sessionId) => {
      const row = await db
        .selectFrom("postern_provider_sessions")
        .where("session_id", "=", sessionId)
        .select([
          "session_id as sessionId",
          "provider",
          "issuer",
          "subject",
          "sid",
          "id_token as idToken",
          "created_at as createdAt",
        ])
        .executeTakeFirst();
      return row ?? null;
    },
  };
}

/** Writing it, inside a transaction. A session that ends takes its row along. */
export function providerSessionWriter(tx: Kysely<Schema>): ProviderSessionWriter {
  return {
    ...providerSessionReader(tx),

    insert: async (session) => {
      await INSERT.run(tx, {
        session_id: session.sessionId,
        provider: session.provider,
        issuer: session.issuer,
        subject: session.subject,
        sid: session.sid,
        id_token: session.idToken,
        created_at: session.createdAt,
      });
    },

    delete: async (sessionId) => {
      await tx.deleteFrom("postern_provider_sessions").where("session_id", "=", sessionId).execute();
    },

    find: async ({ provider, issuer, sid, subject }) => {
      const rows = await tx
        .selectFrom("postern_provider_sessions")
        .where("provider", "=", provider)
        .where("issuer", "=", issuer)
        .where((eb) => {
          const ofSubject = subject === null ? [] : [eb("subject", "=", subject)];
          if (sid === null) return eb.or(ofSubject);
          return eb.or([
            eb("sid", "=", sid),
            ...ofSubject.map((one) => eb.and([eb("sid", "is", null), one])),
          ]);
        })
        .orderBy("session_id")
        .select("session_id")
        .execute();
      return rows.map(({ session_id }) => session_id);
    },
  };
}
