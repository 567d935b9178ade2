import type { Kysely } from "kysely";
import type { KeptTokensReader, KeptTokensWriter } from "../../model/kept-tokens.ts";
import type { Schema } from "../schema.ts";

const COLUMNS = [
  "postern_tokens.identity_id as identityId",
  "postern_identities.user_id as userId",
  "postern_identities.provider as provider",
  "postern_tokens.sealed as sealed",
  "postern_tokens.key_id as keyId",
  "postern_tokens.version as version",
] as const;

/** Reading kept tokens. Whose they are is what their identity says: there is no second place that could say otherwise. */
export function keptTokensReader(db: Kysely<Schema>): KeptTokensReader {
  const tokens = () =>
    db
      .selectFrom("postern_tokens")
      .innerJoin("postern_identities", "postern_identities.id", "postern_tokens.identity_id")
      .select(COLUMNS);
  return {
    get: async (identityId) =>
      (await tokens().where("postern_tokens.identity_id", "=", identityId).executeTakeFirst()) ?? null,

    ofUser: (userId) =>
      tokens()
        .where("postern_identities.user_id", "=", userId)
        .orderBy("postern_tokens.identity_id")
        .execute(),
  };
}

/** Writing kept tokens, inside a transaction. */
export function keptTokensWriter(tx: Kysely<Schema>): KeptTokensWriter {
  const reader = keptTokensReader(tx);
  return {
    ...reader,

    put: async ({ identityId, sealed, keyId }) => {
      const free = { lease_owner: null, lease_until: null, retry_at: null };
      await tx
        .insertInto("postern_tokens")
        .values({ identity_id: identityId, sealed, key_id: keyId, version: 1, ...free })
        .onConflict((conflict) =>
          conflict.column("identity_id").doUpdateSet((eb) => ({
            sealed,
            key_id: keyId,
            version: eb("postern_tokens.version", "+", 1),
            ...free,
          })),
        )
        .execute();
    },

    delete: async (identityIds) => {
      const deleted = [];
      for (const id of identityIds) {
        // What is read is what is deleted: of two who take it, one has it.
        const kept = await reader.get(id);
        const { numDeletedRows } = await tx
          .deleteFrom("postern_tokens")
          .where("identity_id", "=", id)
          .executeTakeFirst();
        if (kept !== null && numDeletedRows === 1n) deleted.push(kept);
      }
      return deleted;
    },
  };
}
