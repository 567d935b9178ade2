import { type Kysely, sql } from "kysely";

/** Messages to webhooks, and endpoints that want none any more. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared byte for byte, as in the first migration.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable("postern_webhook_deliveries")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("endpoint", text, (column) => column.notNull())
    .addColumn("event", text, (column) => column.notNull())
    .addColumn("body", text, (column) => column.notNull())
    .addColumn("state", text, (column) => column.notNull())
    .addColumn("attempts", "smallint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("next_attempt_at", "bigint", (column) => column.notNull())
    .addColumn("last_status", "smallint")
    .addColumn("last_failure", text)
    .addColumn("finished_at", "bigint")
    .execute();
  await db.schema
    .createIndex("postern_webhook_deliveries_by_endpoint_state")
    .on("postern_webhook_deliveries")
    .columns(["endpoint", "state", "next_attempt_at"])
    .execute();

  await db.schema
    .createTable("postern_webhook_stops")
    .addColumn("endpoint", text, (column) => column.primaryKey().notNull())
    .addColumn("stopped_at", "bigint", (column) => column.notNull())
    .execute();
}
