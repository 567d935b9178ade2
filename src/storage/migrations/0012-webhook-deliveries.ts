import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Messages to webhooks, and endpoints that want none any more. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_webhook_deliveries")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("endpoint", ddl.key, (column) => column.notNull())
    .addColumn("event", ddl.key, (column) => column.notNull())
    .addColumn("body", ddl.text, (column) => column.notNull())
    .addColumn("state", ddl.key, (column) => column.notNull())
    .addColumn("attempts", "smallint", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("next_attempt_at", "bigint", (column) => column.notNull())
    .addColumn("last_status", "smallint")
    .addColumn("last_failure", ddl.text)
    .addColumn("finished_at", "bigint")
    .execute();
  await ddl.index(db, {
    table: "postern_webhook_deliveries",
    columns: ["endpoint", "state", "next_attempt_at"],
  });

  await db.schema
    .createTable("postern_webhook_stops")
    .addColumn("endpoint", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("stopped_at", "bigint", (column) => column.notNull())
    .execute();
}
