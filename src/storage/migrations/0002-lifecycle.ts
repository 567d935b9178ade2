import { type Kysely, sql } from "kysely";

/** Deleted people, roles that wait for somebody, owner links. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared byte for byte, as in the first migration.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable("postern_deleted_users")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("email_folded", text)
    .addColumn("deleted_at", "bigint", (column) => column.notNull())
    .addColumn("deleted_by", text, (column) => column.notNull())
    .addColumn("reason", text)
    .addColumn("kept", text, (column) => column.notNull())
    .execute();
  await index(db, "postern_deleted_users", ["email_folded"]);
  await index(db, "postern_deleted_users", ["deleted_at", "id"]);

  await db.schema
    .createTable("postern_pending_grants")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("who", text, (column) => column.notNull())
    .addColumn("role", text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", text, (column) => column.notNull())
    .addColumn("reason", text)
    .addUniqueConstraint("postern_pending_grants_key", ["who", "provider", "role"])
    .execute();

  await db.schema
    .createTable("postern_owner_links")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("secret_hash", text, (column) => column.notNull().unique())
    .addColumn("user_id", text)
    .addColumn("break_glass", "smallint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", text, (column) => column.notNull())
    .addColumn("reason", text)
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("used_at", "bigint")
    .addColumn("used_by", text)
    .addColumn("reviewed_at", "bigint")
    .addColumn("reviewed_by", text)
    .execute();
}

function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  return db.schema
    .createIndex(`${table}_by_${columns.join("_")}`)
    .on(table)
    .columns(columns)
    .execute();
}
