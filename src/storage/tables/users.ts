import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { User, UserListQuery, UserReader, UserWriter } from "../../model/user.ts";
import { columns, fixedQuery, type Value } from "../fixed-query.ts";
import { fold } from "../fold.ts";
import type { EngineName, Schema } from "../schema.ts";
import { notOver } from "./grants.ts";

const COLUMNS = [
  "id",
  "name",
  "email",
  "picture",
  "status",
  "created_at as createdAt",
  "last_sign_in_at as lastSignInAt",
] as const;

type Columns = Schema["postern_users"];

const GET = fixedQuery((db, value: Value<Pick<Columns, "id">>) => byId(db, value).select(COLUMNS));
const LOCK = fixedQuery((db, value: Value<Pick<Columns, "id">>) =>
  byId(db, value).select(COLUMNS).forNoKeyUpdate(),
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
export function userReader(db: Kysely<Schema>, now: () => number): UserReader {
  return {
    get: (id) => GET.first(db, { id }),

    list: ({ limit, after, ...filter }) => {
      const { text, role, status } = filter;
      if (role !== undefined && text === undefined && status === undefined)
        return holders(db, now(), role, limit, after);
      const users = matching(db.selectFrom("postern_users"), filter, now())
        .select(COLUMNS)
        .orderBy("id")
        .limit(limit);
      return (after === undefined ? users : users.where("id", ">", after)).execute();
    },

    count: async (filter) => {
      const { text, role, status } = filter;
      if (role !== undefined && text === undefined && status === undefined)
        return countHolders(db, now(), role);
      const users = matching(db.selectFrom("postern_users"), filter, now());
      const { count } = await users
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return count;
    },

    find: (who) =>
      db
        .selectFrom("postern_users")
        .where((eb) => eb.or([eb("id", "=", who), eb("email_folded", "=", fold(who))]))
        .select(COLUMNS)
        .orderBy("id")
        .execute(),
  };
}

/**
 * A page of those who hold a role, found by the role: whether everybody holds it or hardly anybody, no more is read than
 * the page. From the users' side, a million members would all be looked up for the first fifty.
 */
function holders(
  db: Kysely<Schema>,
  now: number,
  role: string,
  limit: number,
  after: string | undefined,
): Promise<readonly User[]> {
  const grants = db
    .selectFrom("postern_grants")
    .where("role", "=", role)
    .where((eb) => notOver(eb, now));
  const page = (after === undefined ? grants : grants.where("user_id", ">", after))
    .select("user_id")
    .distinct()
    .orderBy("user_id")
    .limit(limit);
  return db
    .selectFrom(page.as("holder"))
    .innerJoin("postern_users", "postern_users.id", "holder.user_id")
    .select(COLUMNS)
    .orderBy("id")
    .execute();
}

async function countHolders(db: Kysely<Schema>, now: number, role: string): Promise<number> {
  const { count } = await db
    .selectFrom("postern_grants")
    .where("role", "=", role)
    .where((eb) => notOver(eb, now))
    .select((eb) => eb.fn.count<number>("user_id").distinct().as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

/** Writing users, inside a transaction. */
export function userWriter(tx: Kysely<Schema>, engine: EngineName, now: () => number): UserWriter {
  return {
    ...userReader(tx, now),

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
  };
}

type Users = SelectQueryBuilder<Schema, "postern_users", object>;

function matching(
  users: Users,
  { text, role, status }: Omit<UserListQuery, "limit" | "after">,
  now: number,
): Users {
  let found = users;
  if (status !== undefined) found = found.where("status", "=", status);
  if (role !== undefined) {
    found = found.where("id", "in", (eb) =>
      eb
        .selectFrom("postern_grants")
        .where("role", "=", role)
        .where((grant) => notOver(grant, now))
        .select("user_id"),
    );
  }
  if (text !== undefined) {
    const pattern = containing(fold(text));
    found = found.where((eb) =>
      eb.or([
        eb("id", "=", text),
        sql<boolean>`name_folded like ${pattern} escape '!'`,
        sql<boolean>`email_folded like ${pattern} escape '!'`,
      ]),
    );
  }
  return found;
}

/** A LIKE pattern in which what a person typed means only itself. */
function containing(text: string): string {
  return `%${text.replace(/[!%_]/g, "!$&")}%`;
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

function isProfile(changed: Partial<Columns>): changed is Profile {
  return PROFILE.every((name) => name in changed) && Object.keys(changed).length === PROFILE.length;
}

function folded(text: string | null): string | null {
  return text === null ? null : fold(text);
}
