import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Requests for access, one for each identity. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_access_requests")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("provider", ddl.key, (column) => column.notNull())
    .addColumn("issuer", ddl.text, (column) => column.notNull())
    .addColumn("subject", ddl.text, (column) => column.notNull())
    .addColumn("user_id", ddl.text)
    .addColumn("handle", ddl.text)
    .addColumn("name", ddl.text)
    .addColumn("email", ddl.text)
    .addColumn("email_verified", "smallint")
    .addColumn("note", ddl.text)
    .addColumn("status", ddl.key, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("decided_at", "bigint")
    .addColumn("decided_by", ddl.text)
    .addColumn("role", ddl.text)
    .addColumn("reason", ddl.text)
    .addColumn("ask_again_at", "bigint")
    .addColumn("entered_at", "bigint")
    .execute();
  await ddl.unique(db, "postern_access_requests_key", "postern_access_requests", [
    "provider",
    "issuer",
    "subject",
  ]);
  await ddl.index(db, { table: "postern_access_requests", columns: ["provider", "created_at"] });
  await ddl.index(db, { table: "postern_access_requests", columns: ["status", "id"] });
}
