import type { Kysely } from "kysely";
import type { User, UserReader, UserWriter } from "../../model/user.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import { fold } from "../fold.ts";
import type { EngineName, Schema } from "../schema.ts";
import { USER_COLUMNS } from "./user-columns.ts";
import { indexSomeUsers } from "./user-index.ts";
import { countUsers, listUsers } from "./user-list.ts";

/** What is told of a user; the others are written by `indexSomeUsers`. */
type Columns = Omit<Schema["postern_users"], `indexed_${string}`>;

const GET = fixedQuery((db, value: Value<Pick<Columns, "id">>) => byId(db, value).select(USER_COLUMNS));
const LOCK = fixedQuery((db, value: Value<Pick<Columns, "id">>) =>
  byId(db, value).select(USER_COLUMNS).forNoKeyUpdate(),
);

function byId(db: Kysely<Schema>, value: Value<Pick<Columns, "id">>) {
  return db.selectFrom("postern_users").where("id", "=", value("id"));
}

const INSERT = fixedQuery((db, value: Value<Columns>) =>
  db.insertInto("postern_users").values({
    ...columns(value, ["id", "name", "name_folded", "email", "email_folded", "picture", "status"]),
    ...columns(value, ["created_at", "last_sign_in_at"]),
  }),
);

/** What every sign-in tells anew. */
const PROFILE = ["name", "name_folded", "email", "email_folded", "picture", "last_sign_in_at"] as const;
type Profile = Pick<Columns, (typeof PROFILE)[number]>;

const UPDATE_PROFILE = fixedQuery((db, value: Value<Profile & Pick<Columns, "id">>) =>
  db.updateTable("postern_users").set(columns(value, PROFILE)).where("id", "=", value("id")),
);

/** Reading users. `now` is in milliseconds since the epoch. */
export function userReader(db: Kysely<Schema>, engine: EngineName, now: () => number): UserReader {
  return {
    get: (id) => GET.first(db, { id }),

    list: (query) => listUsers({ db, engine, now: now() }, query),
    count: (filter) => countUsers({ db, engine, now: now() }, filter),

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
    ...userReader(tx, engine, now),

    insert: async (user) => {
      await INSERT.run(tx, toRow(user));
    },

    update: async (id, change) => {
      const changed = changedColumns(change);
      if (Object.keys(changed).length === 0) return;
      if (isProfile(changed)) await UPDATE_PROFILE.run(tx, { ...changed, id });
      else await tx.updateTable("postern_users").set(changed).where("id", "=", id).execute();
    },

    // SQLite lets in one writer at a time anyway.
    lock: (id) => (engine === "sqlite" ? GET : LOCK).first(tx, { id }),

    delete: async (id) => {
      await tx.deleteFrom("postern_users").where("id", "=", id).execute();
    },

    index: (most) => indexSomeUsers(tx, engine, most),
  };
}

function toRow({ id, name, email, picture, status, createdAt, lastSignInAt }: User): Columns {
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
function changedColumns(change: Partial<User>): Partial<Columns> {
  const { name, email, picture, status, lastSignInAt } = change;
  return {
    ...(name !== undefined && { name, name_folded: folded(name) }),
    ...(email !== undefined && { email, email_folded: folded(email) }),
    ...(picture !== undefined && { picture }),
    ...(status !== undefined && { status }),
    ...(lastSignInAt !== undefined && { last_sign_in_at: lastSignInAt }),
  };
}

function isProfile(changed: Partial<Columns>): changed is Profile {
  return PROFILE.every((name) => name in changed) && Object.keys(changed).length === PROFILE.length;
}

function folded(text: string | null): string | null {
  return text === null ? null : fold(text);
}
