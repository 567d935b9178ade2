import type { Kysely } from "kysely";

/**
 * By which identity roles were derived last, and how often in a row a token was refused. The version before writes
 * neither: what it has written is told by its nulls and zeros. Frozen: a later change is a later migration.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable("postern_identities").addColumn("derived_at", "bigint").execute();
  await db.schema
    .alterTable("postern_rechecks")
    .addColumn("refusals", "integer", (column) => column.notNull().defaultTo(0))
    .execute();
}
