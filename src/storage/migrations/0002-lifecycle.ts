import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Deleted people, roles that wait for somebody, owner links. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_deleted_users")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("email_folded", ddl.text)
    .addColumn("deleted_at", "bigint", (column) => column.notNull())
    .addColumn("deleted_by", ddl.text, (column) => column.notNull())
    .addColumn("reason", ddl.text)
    .addColumn("kept", ddl.text, (column) => column.notNull())
    .execute();
  await ddl.index(db, { table: "postern_deleted_users", columns: ["email_folded"], long: ["email_folded"] });
  await ddl.index(db, { table: "postern_deleted_users", columns: ["deleted_at", "id"] });

  await db.schema
    .createTable("postern_pending_grants")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("provider", ddl.key, (column) => column.notNull())
    .addColumn("who", ddl.text, (column) => column.notNull())
    .addColumn("role", ddl.key, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", ddl.text, (column) => column.notNull())
    .addColumn("reason", ddl.text)
    .execute();
  await ddl.unique(db, "postern_pending_grants_key", "postern_pending_grants", ["who", "provider", "role"]);

  await db.schema
    .createTable("postern_owner_links")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("secret_hash", ddl.key, (column) => column.notNull().unique())
    .addColumn("user_id", ddl.text)
    .addColumn("break_glass", "smallint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", ddl.text, (column) => column.notNull())
    .addColumn("reason", ddl.text)
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("used_at", "bigint")
    .addColumn("used_by", ddl.text)
    .addColumn("reviewed_at", "bigint")
    .addColumn("reviewed_by", ddl.text)
    .execute();
}
