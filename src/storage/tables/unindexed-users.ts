import { type RawBuilder, sql } from "kysely";
import { searchWords } from "../search-words.ts";
import { isIndexed, unindexed } from "../unindexed.ts";
import type { UserSearch } from "./user-search.ts";
import { isHeld } from "./user-standing.ts";

/** So many are read at once. */
const STEP = 500;

interface Candidate {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
}

/**
 * Of those whom `indexSomeUsers` has yet to write: the ids of a page of those who are searched for, in their order. All of
 * them are looked at, as they are now: they are few, but for the first minutes after an upgrade.
 */
export async function findUnindexed(
  search: UserSearch,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const source of sources(search)) {
    let left = limit;
    for await (const id of matching(search, source, after)) {
      found.push(id);
      if (--left === 0) break;
    }
  }
  return found.sort().slice(0, limit);
}

/** How many of them there are: nobody who is found by the index, and nobody twice. */
export async function countUnindexed(search: UserSearch): Promise<number> {
  let count = 0;
  for (const source of sources(search)) {
    for await (const _ of matching(search, source, "")) count++;
  }
  return count;
}

/** Reads the next candidates after an id, in the order of ids. Somebody may come twice, one after the other. */
type Source = (after: string) => RawBuilder<Candidate>;

function sources(search: UserSearch): readonly Source[] {
  const { role, status } = search.standing;
  const changed: Source = (after) => changedUsers(search, after);
  if (role === undefined || status === undefined) return [changed];
  return [changed, (after) => newlyGranted(search, { role, status }, after)];
}

/** Who has changed, or is new. */
function changedUsers({ engine, standing, now, ...search }: UserSearch, after: string) {
  const { role, status } = standing;
  const { is, id } = unindexed(engine, "u");
  // Not a comparison alone: an engine would take the index of all who have the status.
  const hasStatus =
    status === undefined ? sql`1 = 1` : sql`case when u.status = ${status} then 1 else 0 end = 1`;
  const hasRole =
    role === undefined
      ? sql`1 = 1`
      : sql`exists (select 1 from postern_grants g where g.user_id = u.id and ${isHeld(sql`g`, role, now)})`;
  return sql<Candidate>`
    select u.id, u.name, u.email from postern_users u
    where ${is} and ${id} > ${after} and ${hasStatus} and ${hasRole} and ${mayMatch(search)}
    order by ${id} limit ${STEP}`;
}

/** Who has not changed, and has been given the role since: the grant does not tell yet how they stand. */
function newlyGranted(
  { engine, now, ...search }: UserSearch,
  { role, status }: { readonly role: string; readonly status: string },
  after: string,
) {
  return sql<Candidate>`
    select u.id, u.name, u.email from postern_grants g join postern_users u on u.id = g.user_id
    where g.user_status is null and ${isHeld(sql`g`, role, now)} and g.user_id > ${after}
      and u.status = ${status} and ${isIndexed(engine, sql`u.id`)} and ${mayMatch(search)}
      and not exists (select 1 from postern_grants o
        where o.user_id = g.user_id and o.user_status = ${status} and ${isHeld(sql`o`, role, now)})
    order by g.user_id limit ${STEP}`;
}

async function* matching(search: UserSearch, source: Source, after: string): AsyncGenerator<string> {
  for (let from = after; ; ) {
    const { rows } = await source(from).execute(search.db);
    for (const row of rows) {
      if (row.id !== from && matches(search, row)) yield row.id;
      from = row.id;
    }
    if (rows.length < STEP) return;
  }
}

function matches({ word, text }: UserSearch, { id, name, email }: Candidate): boolean {
  return word === "" || id === text || searchWords(name, email).some((one) => one.startsWith(word));
}

/** What the engine can tell beforehand: whoever has it not anywhere has no word that begins with it. */
function mayMatch({ word, text }: Pick<UserSearch, "word" | "text">): RawBuilder<unknown> {
  // Between words there may be other spaces than one.
  const [piece = ""] = word.split(" ");
  const pattern = `%${piece.replace(/[!%_]/g, "!$&")}%`;
  return sql`(u.id = ${text} or u.name_folded like ${pattern} escape '!' or u.email_folded like ${pattern} escape '!'
    or ${piece} = '')`;
}
