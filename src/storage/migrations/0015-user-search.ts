import { type Kysely, sql } from "kysely";
import type { Ddl } from "../ddl.ts";

/**
 * What people are searched by, and beside it what it was made of: it is written afterwards, and whoever has changed since
 * is found by an index of its own, whichever version has changed them. Frozen: a later change is a later migration.
 */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_user_words")
    .addColumn("user_id", ddl.key, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("word", ddl.key, (column) => column.notNull())
    .addPrimaryKeyConstraint("postern_user_words_key", ["user_id", "word"])
    .modifyEnd(ddl.keyed)
    .execute();
  await ddl.index(db, { table: "postern_user_words", columns: ["word", "user_id"] });

  await db.schema.alterTable("postern_grants").addColumn("user_status", ddl.key).execute();
  await ddl.index(db, { table: "postern_grants", columns: ["user_status", "role", "user_id"] });

  await db.schema.alterTable("postern_users").addColumn("indexed_name", ddl.text).execute();
  await db.schema.alterTable("postern_users").addColumn("indexed_email", ddl.text).execute();
  await db.schema.alterTable("postern_users").addColumn("indexed_status", ddl.key).execute();
  if (ddl.engine === "mysql") {
    // It has no index of some rows only.
    await sql`alter table postern_users add column is_indexed smallint generated always as (
      if(indexed_name <=> name_folded and indexed_email <=> email_folded and indexed_status <=> status, 1, 0)
    ) virtual`.execute(db);
    await ddl.index(db, { table: "postern_users", columns: ["is_indexed", "id"] });
  } else if (ddl.engine === "postgres") {
    // An expression and no condition: it counts what is in an expression, and finds out how few there are.
    await sql`create index postern_users_unindexed on postern_users ((case when
      indexed_name is distinct from name_folded or indexed_email is distinct from email_folded
      or indexed_status is distinct from status then id end))`.execute(db);
  } else {
    await sql`create index postern_users_unindexed on postern_users (id) where
      indexed_name is distinct from name_folded or indexed_email is distinct from email_folded
      or indexed_status is distinct from status`.execute(db);
  }
}
