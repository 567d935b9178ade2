import { type Kysely, sql } from "kysely";
import type { User, UserListQuery } from "../../model/user.ts";
import type { Schema } from "../schema.ts";
import { searchedWord } from "../search-words.ts";
import { USER_COLUMNS } from "./user-columns.ts";
import { countFound, findPage } from "./user-search.ts";
import { type Standing, standingSql } from "./user-standing.ts";

/**
 * A page of users in the order of their ids. By role and status nothing is read but the page, whether everybody is meant
 * or hardly anybody; a text is the beginning of words. `now` is in milliseconds since the epoch.
 */
export async function listUsers(
  db: Kysely<Schema>,
  now: number,
  { text = "", limit, after = "", ...standing }: UserListQuery,
): Promise<readonly User[]> {
  const word = searchedWord(text);
  const ids =
    word === ""
      ? await pageOf(db, now, standing, after, limit)
      : await findPage({ db, now, standing, word, text }, after, limit);
  if (ids.length === 0) return [];
  return db.selectFrom("postern_users").where("id", "in", ids).select(USER_COLUMNS).orderBy("id").execute();
}

/** How many there are of them. */
export async function countUsers(
  db: Kysely<Schema>,
  now: number,
  { text = "", ...standing }: Omit<UserListQuery, "limit" | "after">,
): Promise<number> {
  const word = searchedWord(text);
  if (word !== "") return countFound({ db, now, standing, word, text });
  const { table, id, condition } = standingSql(standing, now);
  const { rows } = await sql<{ count: number | string }>`
    select count(distinct ${id}) as count from ${table} where ${condition}`.execute(db);
  return Number(rows[0]?.count);
}

async function pageOf(
  db: Kysely<Schema>,
  now: number,
  standing: Standing,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const { table, id, condition } = standingSql(standing, now);
  const { rows } = await sql<{ id: string }>`
    select distinct ${id} as id from ${table} where ${condition} and ${id} > ${after}
    order by 1 limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}
