import { type Kysely, sql } from "kysely";

/** Requests for access, one for each identity. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared byte for byte, as in the first migration.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable("postern_access_requests")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("issuer", text, (column) => column.notNull())
    .addColumn("subject", text, (column) => column.notNull())
    .addColumn("user_id", text)
    .addColumn("handle", text)
    .addColumn("name", text)
    .addColumn("email", text)
    .addColumn("email_verified", "smallint")
    .addColumn("note", text)
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("decided_at", "bigint")
    .addColumn("decided_by", text)
    .addColumn("role", text)
    .addColumn("reason", text)
    .addColumn("ask_again_at", "bigint")
    .addColumn("entered_at", "bigint")
    .addUniqueConstraint("postern_access_requests_key", ["provider", "issuer", "subject"])
    .execute();
  await db.schema
    .createIndex("postern_access_requests_by_provider_created_at")
    .on("postern_access_requests")
    .columns(["provider", "created_at"])
    .execute();
  await db.schema
    .createIndex("postern_access_requests_by_status_id")
    .on("postern_access_requests")
    .columns(["status", "id"])
    .execute();
}
