import { type Kysely, sql } from "kysely";

/** Invitations. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared byte for byte, as in the first migration.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable("postern_invitations")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("secret_hash", text, (column) => column.notNull().unique())
    .addColumn("recipient_kind", text)
    .addColumn("provider", text)
    .addColumn("who", text)
    .addColumn("roles", text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", text, (column) => column.notNull())
    .addColumn("reason", text)
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("accepted_at", "bigint")
    .addColumn("accepted_by", text)
    .addColumn("revoked_at", "bigint")
    .addColumn("revoked_by", text)
    .execute();
}
