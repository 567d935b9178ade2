import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Access rules that are kept in the database. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_access_rules")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("rule", ddl.text, (column) => column.notNull())
    .addColumn("enabled", "smallint", (column) => column.notNull())
    .addColumn("note", ddl.text)
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", ddl.text, (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .addColumn("changed_by", ddl.text, (column) => column.notNull())
    .execute();
}
