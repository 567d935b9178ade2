import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** When people are looked at again at their provider. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_rechecks")
    .addColumn("identity_id", ddl.key, (column) =>
      column.primaryKey().notNull().references("postern_tokens.identity_id").onDelete("cascade"),
    )
    .addColumn("due_at", "bigint", (column) => column.notNull())
    .addColumn("confirmed_at", "bigint", (column) => column.notNull())
    .addColumn("failures", "integer", (column) => column.notNull())
    .execute();
  await ddl.index(db, { table: "postern_rechecks", columns: ["due_at", "identity_id"] });
}
