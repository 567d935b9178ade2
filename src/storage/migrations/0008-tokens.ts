import { type Kysely, sql } from "kysely";

/** The provider's tokens, sealed; one row for each identity. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared byte for byte, as in the first migration.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable("postern_tokens")
    .addColumn("identity_id", text, (column) =>
      column.primaryKey().notNull().references("postern_identities.id").onDelete("cascade"),
    )
    .addColumn("sealed", "text", (column) => column.notNull())
    .addColumn("key_id", text, (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("lease_owner", text)
    .addColumn("lease_until", "bigint")
    .addColumn("retry_at", "bigint")
    .execute();
  await db.schema
    .createIndex("postern_tokens_by_key_id_identity_id")
    .on("postern_tokens")
    .columns(["key_id", "identity_id"])
    .execute();
}
