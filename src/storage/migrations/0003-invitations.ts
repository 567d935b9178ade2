import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Invitations. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_invitations")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("secret_hash", ddl.key, (column) => column.notNull().unique())
    .addColumn("recipient_kind", ddl.text)
    .addColumn("provider", ddl.text)
    .addColumn("who", ddl.text)
    .addColumn("roles", ddl.text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", ddl.text, (column) => column.notNull())
    .addColumn("reason", ddl.text)
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("accepted_at", "bigint")
    .addColumn("accepted_by", ddl.text)
    .addColumn("revoked_at", "bigint")
    .addColumn("revoked_by", ddl.text)
    .execute();
}
