import { type Kysely, sql } from "kysely";
import type { User, UserListQuery } from "../../model/user.ts";
import type { EngineName, Schema } from "../schema.ts";
import { searchedWord } from "../search-words.ts";
import { isIndexed } from "../unindexed.ts";
import { countUnindexed, findUnindexed } from "./unindexed-users.ts";
import { USER_COLUMNS } from "./user-columns.ts";
import { countFound, findPage, type UserSearch } from "./user-search.ts";
import { isDerived, standingSql } from "./user-standing.ts";

/** Where to look. */
export interface UserListUses {
  readonly db: Kysely<Schema>;
  readonly engine: EngineName;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * A page of users in the order of their ids. By role and status nothing is read but the page, whether everybody is meant
 * or hardly anybody; a text is the beginning of words.
 */
export async function listUsers(
  uses: UserListUses,
  { text = "", limit, after = "", ...standing }: UserListQuery,
): Promise<readonly User[]> {
  const search = { ...uses, standing, word: searchedWord(text), text };
  // First those whose index is yet to be written: it may be written meanwhile, and then they are found twice.
  const unindexed = isOnDerived(search) ? await findUnindexed(search, after, limit) : [];
  const indexed = await (search.word === "" ? pageOf : findPage)(search, after, limit);
  const ids = [...new Set([...indexed, ...unindexed])].sort().slice(0, limit);
  if (ids.length === 0) return [];
  return uses.db
    .selectFrom("postern_users")
    .where("id", "in", ids)
    .select(USER_COLUMNS)
    .orderBy("id")
    .execute();
}

/** How many there are of them. */
export async function countUsers(
  uses: UserListUses,
  { text = "", ...standing }: Omit<UserListQuery, "limit" | "after">,
): Promise<number> {
  const search = { ...uses, standing, word: searchedWord(text), text };
  const unindexed = isOnDerived(search) ? await countUnindexed(search) : 0;
  return unindexed + (await (search.word === "" ? countStanding : countFound)(search));
}

/** True when the question is answered by what is written after users have changed, and not by themselves. */
function isOnDerived({ word, standing }: UserSearch): boolean {
  return word !== "" || isDerived(standing);
}

async function countStanding(search: UserSearch): Promise<number> {
  const { table, id, condition } = standingInIndex(search);
  const { rows } = await sql<{ count: number | string }>`
    select count(distinct ${id}) as count from ${table} where ${condition}`.execute(search.db);
  return Number(rows[0]?.count);
}

async function pageOf(search: UserSearch, after: string, limit: number): Promise<readonly string[]> {
  const { table, id, condition } = standingInIndex(search);
  const { rows } = await sql<{ id: string }>`
    select distinct ${id} as id from ${table} where ${condition} and ${id} > ${after}
    order by 1 limit ${limit}`.execute(search.db);
  return rows.map((row) => row.id);
}

function standingInIndex({ engine, standing, now }: UserSearch) {
  const found = standingSql(standing, now);
  if (!isDerived(standing)) return found;
  return { ...found, condition: sql`${found.condition} and ${isIndexed(engine, found.id)}` };
}
