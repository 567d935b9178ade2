import { type Kysely, sql } from "kysely";

/** Roles kept in the database, the policy's version, grants with reason and end. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared byte for byte, as in the first migration.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;

  // One row, for ever: every session that is read reads it too.
  await db.schema
    .createTable("postern_policy")
    .addColumn("id", "smallint", (column) => column.primaryKey().notNull().check(sql`id = 1`))
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
  await sql`insert into postern_policy (id, version) values (1, 1)`.execute(db);

  await db.schema
    .createTable("postern_roles")
    .addColumn("name", text, (column) => column.primaryKey().notNull())
    .addColumn("title", text)
    .addColumn("permissions", text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", text, (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .execute();

  await db.schema.alterTable("postern_grants").addColumn("reason", text).execute();
  await db.schema.alterTable("postern_grants").addColumn("expires_at", "bigint").execute();
  await db.schema.alterTable("postern_pending_grants").addColumn("expires_at", "bigint").execute();
  // Few have an end: whoever looks for those that are over does not walk through the rest.
  await sql`create index postern_grants_by_expires_at on postern_grants (expires_at)
    where expires_at is not null`.execute(db);
}
