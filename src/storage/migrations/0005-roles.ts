import { type Kysely, sql } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Roles kept in the database, the policy's version, grants with reason and end. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  // One row, for ever: every session that is read reads it too.
  await db.schema
    .createTable("postern_policy")
    .addColumn("id", "smallint", (column) => column.primaryKey().notNull().check(sql`id = 1`))
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
  await sql`insert into postern_policy (id, version) values (1, 1)`.execute(db);

  await db.schema
    .createTable("postern_roles")
    .addColumn("name", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("title", ddl.text)
    .addColumn("permissions", ddl.text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", ddl.text, (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .execute();

  await db.schema.alterTable("postern_grants").addColumn("reason", ddl.text).execute();
  await db.schema.alterTable("postern_grants").addColumn("expires_at", "bigint").execute();
  await db.schema.alterTable("postern_pending_grants").addColumn("expires_at", "bigint").execute();
  // Few have an end: whoever looks for those that are over does not walk through the rest.
  const few = ddl.engine === "mysql" ? sql`` : sql`where expires_at is not null`;
  await sql`create index postern_grants_by_expires_at on postern_grants (expires_at) ${few}`.execute(db);
}
