import { type Kysely, type RawBuilder, sql } from "kysely";
import type { EngineName, Schema } from "../schema.ts";
import { isIndexed } from "../unindexed.ts";
import { type Standing, standingSql } from "./user-standing.ts";

/** How much is looked at in which way before another is taken. */
export interface SearchEffort {
  /** Up to so many entries of the index are all looked at. */
  readonly few: number;
  /** Where more are found, people are gone through in the order of their ids, in steps of so many. */
  readonly steps: readonly number[];
  /** When no more than so many people of the standing are left, all of them are asked. */
  readonly rest: number;
}

/**
 * Each of it takes a few milliseconds, however many people there are. The first step is short, since it mostly suffices; the
 * others are few, since each costs PostgreSQL two plans.
 */
const EFFORT: SearchEffort = { few: 500, steps: [200, 600, 1_200], rest: 25_000 };
/** So many people are looked up at once by their ids. */
const AT_ONCE = 500;
/** Keeps an engine from taking a part of a statement for the whole. */
const ALL = 1_000_000_000;

/** Who is looked for. */
export interface UserSearch {
  readonly db: Kysely<Schema>;
  readonly engine: EngineName;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly standing: Standing;
  /** The beginning of one of their `searchWords`; empty = whatever they are called. */
  readonly word: string;
  /** As it was typed: it may be a whole id. */
  readonly text: string;
  /** Default what suits a million people. */
  readonly effort?: SearchEffort;
}

/**
 * The ids of a page of those who are found, in their order, of those whose words hold. No index is in the order of ids for
 * the beginnings of words, so it depends on how many are found. Few: all of them are looked at. Many: whoever goes through
 * the people by their ids meets a page of them soon. And where those many come late, either all others who are asked for
 * are looked at, or all that begins with the word.
 */
export async function findPage(search: UserSearch, after: string, limit: number): Promise<readonly string[]> {
  const { steps, rest } = search.effort ?? EFFORT;
  const few = await fewFound(search);
  if (few !== null)
    return standingOf(
      search,
      few.filter((id) => id > after),
      limit,
    );

  const found: string[] = [];
  let from = after;
  for (const step of steps) {
    const end = await endOfStep(search, from, step);
    found.push(...(await meet(search, from, { end, length: step }, limit - found.length)));
    if (end === null || found.length === limit) return found;
    from = end;
  }
  const left = limit - found.length;
  const isRestSmall = (await endOfStep(search, from, rest)) === null;
  return [
    ...found,
    ...(await (isRestSmall
      ? meet(search, from, { end: null, length: rest }, left)
      : goThroughWords(search, from, left))),
  ];
}

/** How many of those whose words hold are found. */
export async function countFound(search: UserSearch): Promise<number> {
  const few = await fewFound(search);
  if (few !== null) return (await standingOf(search, few, few.length)).length;
  const { rows } = await sql<{ count: number | string }>`
    select count(distinct f.user_id) as count from postern_user_words f
    where ${begins(sql`f.word`, search)} and ${hasStanding(search, sql`f.user_id`)}`.execute(search.db);
  return Number(rows[0]?.count);
}

/** Everybody's id, in order, when they are few; or else `null`. */
async function fewFound(search: UserSearch): Promise<readonly string[] | null> {
  const { few } = search.effort ?? EFFORT;
  const { rows } = await sql<{ user_id: string }>`
    select user_id from postern_user_words where ${begins(sql`word`, search)} limit ${few + 1}`.execute(
    search.db,
  );
  if (rows.length > few) return null;
  return [...new Set([...rows.map((row) => row.user_id), search.text])].sort();
}

/** The first of these people who have the standing. */
async function standingOf(
  search: UserSearch,
  ids: readonly string[],
  limit: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let start = 0; start < ids.length && found.length < limit; start += AT_ONCE) {
    const some = sql.join(ids.slice(start, start + AT_ONCE));
    const { rows } = await sql<{ id: string }>`
      select u.id from postern_users u where u.id in (${some}) and ${hasStanding(search, sql`u.id`)}
      order by u.id`.execute(search.db);
    found.push(...rows.map(({ id }) => id));
  }
  return found.slice(0, limit);
}

/** The last id of a step over so many who have the standing; `null` = there are fewer. */
async function endOfStep(
  { db, now, standing }: UserSearch,
  from: string,
  length: number,
): Promise<string | null> {
  const { table, id, inIndex } = standingSql(standing, now);
  const { rows } = await sql<{ id: string }>`
    select ${id} as id from ${table} where ${inIndex} and ${id} > ${from}
    order by ${id} limit 1 offset ${length - 1}`.execute(db);
  return rows[0]?.id ?? null;
}

/** The first who are found on the step: among so many of the standing, and up to its end. */
async function meet(
  search: UserSearch,
  from: string,
  { end, length }: { readonly end: string | null; readonly length: number },
  limit: number,
): Promise<readonly string[]> {
  const { table, id, inIndex } = standingSql(search.standing, search.now);
  const upToEnd = end === null ? sql`` : sql`and s.id <= ${end}`;
  // One inside the other, so that no engine begins with another part.
  const { rows } = await sql<{ id: string }>`
    select m.id from (
      select s.id from (
        select distinct ${id} as id from ${table} where ${inIndex} and ${id} > ${from} order by 1 limit ${length}
      ) s
      where exists (select 1 from postern_user_words w where w.user_id = s.id and ${begins(sql`w.word`, search)})
        ${upToEnd} order by s.id limit ${ALL}
    ) m
    where ${hasStanding(search, sql`m.id`)} order by m.id limit ${limit}`.execute(search.db);
  return rows.map((row) => row.id);
}

async function goThroughWords(search: UserSearch, after: string, limit: number): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let from = after; ; ) {
    // Several words of a person may begin so.
    const most = 4 * limit;
    const { rows } = await sql<{ user_id: string }>`
      select f.user_id from
        (select user_id from postern_user_words where ${begins(sql`word`, search)} limit ${ALL}) f
      where f.user_id > ${from} and ${mayStand(search, sql`f.user_id`)}
      order by f.user_id limit ${most}`.execute(search.db);
    const ids = new Set(rows.map((row) => row.user_id));
    for (const id of await standingOf(search, [...ids], ids.size)) found.add(id);
    const last = rows.at(-1);
    if (found.size >= limit || rows.length < most || last === undefined) return [...found].slice(0, limit);
    from = last.user_id;
  }
}

/** All texts are compared byte by byte: behind whatever begins with it, and before whatever comes later. */
function begins(column: RawBuilder<unknown>, { word }: UserSearch): RawBuilder<unknown> {
  return sql`${column} >= ${word} and ${column} < ${`${word}\u{10ffff}`}`;
}

function hasStanding(search: UserSearch, user: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${mayStand(search, user)} and ${isIndexed(search.engine, user)}`;
}

/** The same without looking whether what is written still holds. */
function mayStand({ standing, now }: UserSearch, user: RawBuilder<unknown>): RawBuilder<unknown> {
  if (standing.role === undefined && standing.status === undefined) return sql`1 = 1`;
  const { table, id, condition } = standingSql(standing, now);
  return sql`exists (select 1 from ${table} where ${id} = ${user} and ${condition})`;
}
