import { type Kysely, sql } from "kysely";
import type {
  KeptTokens,
  KeptTokensReader,
  KeptTokensWriter,
  TokenVersion,
} from "../../model/kept-tokens.ts";
import { databaseClock } from "../clock.ts";
import type { EngineName, Schema } from "../schema.ts";

/** Reading kept tokens. Whose they are is what their identity says: there is no second place that could say otherwise. */
export function keptTokensReader(db: Kysely<Schema>, engine: EngineName): KeptTokensReader {
  const clock = databaseClock(engine);
  const tokens = () =>
    db
      .selectFrom("postern_tokens")
      .innerJoin("postern_identities", "postern_identities.id", "postern_tokens.identity_id")
      .select([
        "postern_tokens.identity_id as identityId",
        "postern_identities.user_id as userId",
        "postern_identities.provider as provider",
        "postern_tokens.sealed as sealed",
        "postern_tokens.key_id as keyId",
        "postern_tokens.version as version",
        sql<number | null>`postern_tokens.lease_until - ${clock}`.as("leaseLeft"),
        sql<number | null>`postern_tokens.retry_at - ${clock}`.as("pauseLeft"),
        "postern_tokens.retry_code as pauseCode",
      ]);
  return {
    get: async (identityId) =>
      toKeptTokens(await tokens().where("postern_tokens.identity_id", "=", identityId).executeTakeFirst()),

    find: async (userId, provider) => {
      const last = tokens()
        .innerJoin("postern_users", "postern_users.id", "postern_identities.user_id")
        .where("postern_identities.user_id", "=", userId)
        .where("postern_identities.provider", "=", provider)
        .where("postern_users.status", "=", "active")
        .orderBy("postern_identities.last_used_at", "desc")
        .orderBy("postern_identities.id", "desc")
        .limit(1);
      return toKeptTokens(await last.executeTakeFirst());
    },

    sealedOtherwise: async (keyId, after, limit) => {
      const rows = await tokens()
        .where("postern_tokens.key_id", "!=", keyId)
        .where("postern_tokens.identity_id", ">", after)
        .orderBy("postern_tokens.identity_id")
        .limit(limit)
        .execute();
      return rows.map(toKeptTokens).filter((kept) => kept !== null);
    },

    ofUser: async (userId) => {
      const ofUser = tokens().where("postern_identities.user_id", "=", userId);
      const rows = await ofUser.orderBy("postern_tokens.identity_id").execute();
      return rows.map(toKeptTokens).filter((kept) => kept !== null);
    },
  };
}

const FREE = { lease_owner: null, lease_until: null, retry_at: null, retry_code: null };

/** Writing kept tokens, inside a transaction. */
export function keptTokensWriter(tx: Kysely<Schema>, engine: EngineName): KeptTokensWriter {
  const reader = keptTokensReader(tx, engine);
  const clock = databaseClock(engine);
  const after = (milliseconds: number) => sql<number>`${clock} + ${Math.ceil(milliseconds)}`;
  // One statement each, which looks and writes: whoever does not know the version changes nothing.
  const update = ({ identityId, version }: TokenVersion) =>
    tx.updateTable("postern_tokens").where("identity_id", "=", identityId).where("version", "=", version);
  return {
    ...reader,

    put: async ({ identityId, sealed, keyId }) => {
      const row = { identity_id: identityId, sealed, key_id: keyId, version: 1, ...FREE };
      await tx
        .insertInto("postern_tokens")
        .values(row)
        .onConflict((conflict) =>
          conflict.column("identity_id").doUpdateSet((eb) => ({
            ...row,
            version: eb("postern_tokens.version", "+", 1),
          })),
        )
        .execute();
    },

    delete: async (identityIds) => {
      const deleted: KeptTokens[] = [];
      for (const id of identityIds) {
        const kept = await reader.get(id);
        const gone = tx.deleteFrom("postern_tokens").where("identity_id", "=", id);
        // What others have taken out meanwhile is theirs.
        if (kept !== null && (await gone.executeTakeFirst()).numDeletedRows === 1n) deleted.push(kept);
      }
      return deleted;
    },

    claim: async (tokens, { owner, milliseconds, patience }) => {
      const version = tokens.version + 1;
      const claimed = update(tokens)
        .where((eb) => eb.or([eb("lease_until", "is", null), eb("lease_until", "<=", after(-patience))]))
        .where((eb) => eb.or([eb("retry_at", "is", null), eb("retry_at", "<=", clock)]))
        .set({ ...FREE, version, lease_owner: owner, lease_until: after(milliseconds) });
      return (await claimed.executeTakeFirst()).numUpdatedRows === 1n ? version : null;
    },

    renew: async (held, { milliseconds }) => {
      await update(held)
        .set({ lease_until: after(milliseconds) })
        .execute();
    },

    settle: async (held, { sealed, keyId }) => {
      const settled = update(held).set({ sealed, key_id: keyId, version: held.version + 1, ...FREE });
      return (await settled.executeTakeFirst()).numUpdatedRows === 1n;
    },

    release: async (held, { left, code }) => {
      const pause = { retry_at: after(left), retry_code: code };
      const released = update(held).set({ version: held.version + 1, ...FREE, ...pause });
      return (await released.executeTakeFirst()).numUpdatedRows === 1n;
    },

    reseal: async (from, { identityId, sealed, keyId }) => {
      const resealed = tx
        .updateTable("postern_tokens")
        .where("identity_id", "=", identityId)
        .where("sealed", "=", from)
        .set({ sealed, key_id: keyId });
      return (await resealed.executeTakeFirst()).numUpdatedRows === 1n;
    },

    drop: async ({ identityId, version }) => {
      const dropped = tx
        .deleteFrom("postern_tokens")
        .where("identity_id", "=", identityId)
        .where("version", "=", version);
      return (await dropped.executeTakeFirst()).numDeletedRows === 1n;
    },
  };
}

type Row = Omit<KeptTokens, "pause" | "isDoubtful"> & {
  readonly pauseLeft: number | null;
  readonly pauseCode: NonNullable<KeptTokens["pause"]>["code"] | null;
};

function toKeptTokens(row: Row | undefined): KeptTokens | null {
  if (row === undefined) return null;
  const { pauseLeft: left, pauseCode: code, ...kept } = row;
  const pause = left === null || code === null || left <= 0 ? null : { left, code };
  return { ...kept, pause, isDoubtful: code !== null || kept.leaseLeft !== null };
}
