import { type Kysely, sql } from "kysely";
import type { ApiKey, ApiKeyReader, ApiKeySnapshot, ApiKeyWriter } from "../../model/api-key.ts";
import type { User } from "../../model/user.ts";
import type { EngineName, Schema } from "../schema.ts";
import { TEXTS_AS_JSON } from "../session-snapshot.ts";

const COLUMNS = [
  "postern_api_keys.id",
  "user_id as userId",
  "postern_api_keys.name",
  "secret_hash as secretHash",
  "permissions",
  "postern_api_keys.created_at as createdAt",
  "created_by as createdBy",
  "reason",
  "expires_at as expiresAt",
  "last_used_at as lastUsedAt",
  "revoked_at as revokedAt",
  "revoked_by as revokedBy",
] as const;

const USER_COLUMNS = [
  "postern_users.name as userName",
  "postern_users.email as userEmail",
  "postern_users.picture as userPicture",
  "postern_users.status as userStatus",
  "postern_users.created_at as userCreatedAt",
  "postern_users.last_sign_in_at as userLastSignInAt",
] as const;

/** Reading API keys. */
export function apiKeyReader(db: Kysely<Schema>, engine: EngineName, now: () => number): ApiKeyReader {
  const keys = () => db.selectFrom("postern_api_keys").select(COLUMNS);
  return {
    get: async (id) => {
      const row = await keys().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : toKey(row);
    },

    findBySecretHash: async (secretHash) => {
      // One statement, as for sessions: key, person, accounts, roles and policy cannot disagree.
      const row = await keys()
        .innerJoin("postern_users", "postern_users.id", "postern_api_keys.user_id")
        .select(USER_COLUMNS)
        .select([roleNames(engine, now()).as("roles"), providerIds(engine).as("providers")])
        .select(policyVersion.as("policyVersion"))
        .where("secret_hash", "=", secretHash)
        .executeTakeFirst();
      return row === undefined ? null : toSnapshot(row);
    },

    list: async ({ userId, after, limit }) => {
      let page = keys();
      if (userId !== undefined) page = page.where("user_id", "=", userId);
      if (after !== undefined) page = page.where("id", "<", after);
      return (await page.orderBy("id", "desc").limit(limit).execute()).map(toKey);
    },
  };
}

/** Writing API keys, inside a transaction. */
export function apiKeyWriter(tx: Kysely<Schema>, engine: EngineName, now: () => number): ApiKeyWriter {
  return {
    ...apiKeyReader(tx, engine, now),

    insert: async (key) => {
      await tx.insertInto("postern_api_keys").values(toRow(key)).execute();
    },

    revoke: async (id, actor, now) => {
      // One statement that looks and writes: of two at once the second finds it done.
      const revoked = tx
        .updateTable("postern_api_keys")
        .set({ revoked_at: now, revoked_by: actor })
        .where("id", "=", id)
        .where("revoked_at", "is", null);
      return (await revoked.executeTakeFirst()).numUpdatedRows === 1n;
    },

    touch: async (id, lastUsedAt) => {
      await tx
        .updateTable("postern_api_keys")
        .set({ last_used_at: lastUsedAt })
        .where("id", "=", id)
        .where((eb) => eb.or([eb("last_used_at", "is", null), eb("last_used_at", "<", lastUsedAt)]))
        .execute();
    },
  };
}

const policyVersion = sql<number>`(select version from postern_policy)`;

function roleNames(engine: EngineName, now: number) {
  const names = sql.raw(TEXTS_AS_JSON[engine]("g.role"));
  return sql<string>`(select ${names} from postern_grants g
    where g.user_id = postern_api_keys.user_id and (g.expires_at is null or g.expires_at > ${now}))`;
}

function providerIds(engine: EngineName) {
  const ids = sql.raw(TEXTS_AS_JSON[engine]("i.provider"));
  return sql<string>`(select ${ids} from postern_identities i where i.user_id = postern_api_keys.user_id)`;
}

type Row = Omit<ApiKey, "permissions"> & { readonly permissions: string };

interface SnapshotRow extends Row {
  readonly userName: User["name"];
  readonly userEmail: User["email"];
  readonly userPicture: User["picture"];
  readonly userStatus: User["status"];
  readonly userCreatedAt: User["createdAt"];
  readonly userLastSignInAt: User["lastSignInAt"];
  readonly roles: string;
  readonly providers: string;
  readonly policyVersion: number;
}

function toKey(row: Row): ApiKey {
  return { ...row, permissions: JSON.parse(row.permissions) };
}

function toSnapshot(row: SnapshotRow): ApiKeySnapshot {
  const { userName, userEmail, userPicture, userStatus, userCreatedAt, userLastSignInAt, ...rest } = row;
  const { roles, providers, policyVersion, ...key } = rest;
  return {
    apiKey: toKey(key),
    user: {
      id: key.userId,
      name: userName,
      email: userEmail,
      picture: userPicture,
      status: userStatus,
      createdAt: userCreatedAt,
      lastSignInAt: userLastSignInAt,
    },
    roles: [...new Set<string>(JSON.parse(roles))],
    providers: [...new Set<string>(JSON.parse(providers))],
    policyVersion,
  };
}

function toRow(key: ApiKey): Schema["postern_api_keys"] {
  return {
    id: key.id,
    user_id: key.userId,
    name: key.name,
    secret_hash: key.secretHash,
    permissions: JSON.stringify(key.permissions),
    created_at: key.createdAt,
    created_by: key.createdBy,
    reason: key.reason,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    revoked_at: key.revokedAt,
    revoked_by: key.revokedBy,
  };
}
