import { type RawBuilder, sql } from "kysely";
import type { EngineName } from "./schema.ts";

/** Users for whom it does not hold what was written to find them by. */
export interface Unindexed {
  readonly is: RawBuilder<boolean>;
  /** Their id, as the index that holds exactly them is sorted. */
  readonly id: RawBuilder<string>;
}

/**
 * Who is no longer called, or no longer stands, as they did when what they are searched by was written. An index holds
 * exactly those, and the engine keeps it: it does not matter who changes a user, an earlier version of Postern among them.
 * In the words of the index, or it would not be used.
 */
export function unindexed(engine: EngineName, user: string): Unindexed {
  const of = (column: string) => sql.ref<string>(`${user}.${column}`);
  if (engine === "mysql") return { is: sql`${of("is_indexed")} = 0`, id: of("id") };
  const differs = sql<boolean>`(
    ${of("indexed_name")} is distinct from ${of("name_folded")}
    or ${of("indexed_email")} is distinct from ${of("email_folded")}
    or ${of("indexed_status")} is distinct from ${of("status")})`;
  if (engine === "sqlite") return { is: differs, id: of("id") };
  const id = sql<string>`(case when ${differs} then ${of("id")} end)`;
  return { is: sql`${id} is not null`, id };
}

/** What `indexSomeUsers` has written holds for the user with this id. Asked for each by itself: no engine begins there. */
export function isIndexed(engine: EngineName, id: RawBuilder<unknown>): RawBuilder<boolean> {
  const { is } = unindexed(engine, "told");
  return sql`(select not (${is}) from postern_users as told where told.id = ${id})`;
}
