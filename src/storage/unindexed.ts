import { type RawBuilder, sql } from "kysely";
import type { EngineName } from "./schema.ts";

/**
 * True for a user who is no longer called, or no longer stands, as they did when what they are searched by was written. An
 * index holds exactly those, and the engine keeps it: it does not matter who changes a user, an earlier version of Postern
 * among them. In the words of the index, or it would not be used.
 */
export function isUnindexed(engine: EngineName, user: string): RawBuilder<boolean> {
  const of = (column: string) => sql.ref(`${user}.${column}`);
  if (engine === "mysql") return sql`${of("is_indexed")} = 0`;
  return sql`(
    ${of("indexed_name")} is distinct from ${of("name_folded")}
    or ${of("indexed_email")} is distinct from ${of("email_folded")}
    or ${of("indexed_status")} is distinct from ${of("status")})`;
}

/** What `indexSomeUsers` has written holds for the user with this id. */
export function isIndexed(engine: EngineName, id: RawBuilder<unknown>): RawBuilder<boolean> {
  const isOld = isUnindexed(engine, "indexed");
  return sql`exists (select 1 from postern_users as indexed where indexed.id = ${id} and not ${isOld})`;
}
