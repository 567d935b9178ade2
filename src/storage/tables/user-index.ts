import { type Kysely, sql } from "kysely";
import type { EngineName, Schema } from "../schema.ts";
import { searchWords } from "../search-words.ts";
import { unindexed } from "../unindexed.ts";

/** Rows of one statement: engines have limits for the values that it may bring. */
const ROWS_AT_ONCE = 2_000;

/**
 * Writes what some users are searched by, as they are now, beside what it was made of: a later change by anybody tells
 * that it no longer holds. Leaves out whom somebody else holds just now. Answers how many it were.
 */
export async function indexSomeUsers(tx: Kysely<Schema>, engine: EngineName, most: number): Promise<number> {
  const changed = await held(engine, changedUsers(tx, engine, most)).execute();
  const granted = changed.length === most ? [] : await held(engine, newlyGranted(tx, most)).execute();
  const users = [...changed, ...granted.filter(({ id }) => changed.every((other) => other.id !== id))];
  if (users.length === 0) return 0;
  const ids = users.map(({ id }) => id);

  await writeWords(
    tx,
    users.filter(
      (user) => user.indexed_name !== user.name_folded || user.indexed_email !== user.email_folded,
    ),
  );
  for (const status of ["active", "suspended"] as const) {
    const some = users.filter((user) => user.status === status).map(({ id }) => id);
    if (some.length > 0)
      await tx
        .updateTable("postern_grants")
        .set({ user_status: status })
        .where("user_id", "in", some)
        .execute();
  }
  await tx
    .updateTable("postern_users")
    .set((eb) => ({
      indexed_name: eb.ref("name_folded"),
      indexed_email: eb.ref("email_folded"),
      indexed_status: eb.ref("status"),
    }))
    .where("id", "in", ids)
    .execute();
  return users.length;
}

const COLUMNS = [
  "id",
  "name",
  "name_folded",
  "indexed_name",
  "email",
  "email_folded",
  "indexed_email",
  "status",
] as const;

function changedUsers(tx: Kysely<Schema>, engine: EngineName, most: number) {
  const { is, id } = unindexed(engine, "postern_users");
  return tx.selectFrom("postern_users").where(is).select(COLUMNS).orderBy(id).limit(most);
}

/** Who has been given a role since: the grant does not tell yet how its user stands. */
function newlyGranted(tx: Kysely<Schema>, most: number) {
  const grants = tx.selectFrom("postern_grants").where("user_status", "is", null);
  const users = grants.select("user_id").distinct().limit(most).as("granted");
  return tx
    .selectFrom("postern_users")
    .where("id", "in", (eb) => eb.selectFrom(users).select("granted.user_id"))
    .select(COLUMNS)
    .orderBy("id");
}

/** Nobody changes them meanwhile; whoever signs them in or gives them a role need not wait. SQLite has one writer anyway. */
function held<Query extends { forNoKeyUpdate(): Query; skipLocked(): Query }>(
  engine: EngineName,
  query: Query,
): Query {
  return engine === "sqlite" ? query : query.forNoKeyUpdate().skipLocked();
}

type Named = Pick<Schema["postern_users"], "id" | "name" | "email">;

async function writeWords(tx: Kysely<Schema>, users: readonly Named[]): Promise<void> {
  if (users.length === 0) return;
  const ids = users.map(({ id }) => id);
  await tx.deleteFrom("postern_user_words").where("user_id", "in", ids).execute();
  const rows = users.flatMap(({ id, name, email }) => searchWords(name, email).map((word) => [id, word]));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const values = rows.slice(start, start + ROWS_AT_ONCE).map(([id, word]) => sql`(${id}, ${word})`);
    await sql`insert into postern_user_words (user_id, word) values ${sql.join(values)}`.execute(tx);
  }
}
