import { type RawBuilder, sql } from "kysely";
import type { EngineName } from "./schema.ts";

/** Milliseconds since the epoch. The database's own: the clocks of the instances may differ. */
export function databaseClock(engine: EngineName): RawBuilder<number> {
  switch (engine) {
    case "sqlite":
      return sql`cast(unixepoch('now', 'subsec') * 1000 as integer)`;
    case "postgres":
      return sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
    case "mysql":
      // In UTC: an hour that a time zone has twice would come twice.
      return sql`(timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000)`;
  }
}
