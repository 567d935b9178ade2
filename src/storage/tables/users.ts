import type { Kysely } from "kysely";
import type { User, UserReader, UserStatus, UserWriter } from "../../model/user.ts";
import { fold } from "../fold.ts";
import type { EngineName, Schema } from "../schema.ts";
import { searchWords } from "../search-words.ts";
import { USER_COLUMNS } from "./user-columns.ts";
import { countUsers, listUsers } from "./user-list.ts";

/** Reading users. `now` is in milliseconds since the epoch. */
export function userReader(db: Kysely<Schema>, now: () => number): UserReader {
  return {
    get: async (id) =>
      (await db.selectFrom("postern_users").where("id", "=", id).select(USER_COLUMNS).executeTakeFirst()) ??
      null,

    list: (query) => listUsers(db, now(), query),
    count: (filter) => countUsers(db, now(), filter),

    find: (who) =>
      db
        .selectFrom("postern_users")
        .where((eb) => eb.or([eb("id", "=", who), eb("email_folded", "=", fold(who))]))
        .select(USER_COLUMNS)
        .orderBy("id")
        .execute(),
  };
}

/** Writing users, inside a transaction. */
export function userWriter(tx: Kysely<Schema>, engine: EngineName, now: () => number): UserWriter {
  return {
    ...userReader(tx, now),

    insert: async (user) => {
      await tx.insertInto("postern_users").values(toRow(user)).execute();
      await insertWords(tx, user.id, searchWords(user.name, user.email));
    },

    update: async (id, change) => {
      const columns = changedColumns(change);
      if (Object.keys(columns).length === 0) return;
      if (change.name !== undefined || change.email !== undefined) await keepWords(tx, id, change);
      if (change.status !== undefined) await keepStatusOfGrants(tx, id, change.status);
      await tx.updateTable("postern_users").set(columns).where("id", "=", id).execute();
    },

    lock: async (id) => {
      const user = tx.selectFrom("postern_users").where("id", "=", id).select(USER_COLUMNS);
      // SQLite lets in one writer at a time anyway.
      return (await (engine === "sqlite" ? user : user.forNoKeyUpdate()).executeTakeFirst()) ?? null;
    },

    delete: async (id) => {
      await tx.deleteFrom("postern_users").where("id", "=", id).execute();
    },
  };
}

/** Before the change: most sign-ins tell the same name and address as the one before, and then nothing is written. */
async function keepWords(
  tx: Kysely<Schema>,
  id: string,
  change: Partial<Pick<User, "name" | "email">>,
): Promise<void> {
  const before = await tx
    .selectFrom("postern_users")
    .where("id", "=", id)
    .select(["name", "email"])
    .executeTakeFirst();
  if (before === undefined) return;
  const { name = before.name, email = before.email } = change;
  if (name === before.name && email === before.email) return;
  await tx.deleteFrom("postern_user_words").where("user_id", "=", id).execute();
  await insertWords(tx, id, searchWords(name, email));
}

async function insertWords(tx: Kysely<Schema>, id: string, words: readonly string[]): Promise<void> {
  if (words.length === 0) return;
  const rows = words.map((word) => ({ user_id: id, word }));
  await tx.insertInto("postern_user_words").values(rows).execute();
}

async function keepStatusOfGrants(tx: Kysely<Schema>, id: string, status: UserStatus): Promise<void> {
  await tx.updateTable("postern_grants").set({ user_status: status }).where("user_id", "=", id).execute();
}

function toRow({ id, name, email, picture, status, createdAt, lastSignInAt }: User): Schema["postern_users"] {
  return {
    id,
    name,
    name_folded: folded(name),
    email,
    email_folded: folded(email),
    picture,
    status,
    created_at: createdAt,
    last_sign_in_at: lastSignInAt,
  };
}

/** Only what is given: `undefined` stays as it is, `null` empties the column. */
function changedColumns(change: Partial<User>): Partial<Schema["postern_users"]> {
  const { name, email, picture, status, lastSignInAt } = change;
  return {
    ...(name !== undefined && { name, name_folded: folded(name) }),
    ...(email !== undefined && { email, email_folded: folded(email) }),
    ...(picture !== undefined && { picture }),
    ...(status !== undefined && { status }),
    ...(lastSignInAt !== undefined && { last_sign_in_at: lastSignInAt }),
  };
}

function folded(text: string | null): string | null {
  return text === null ? null : fold(text);
}
