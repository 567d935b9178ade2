import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** API keys. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_api_keys")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("user_id", ddl.key, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("name", ddl.text, (column) => column.notNull())
    .addColumn("secret_hash", ddl.key, (column) => column.notNull().unique())
    .addColumn("permissions", ddl.text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("created_by", ddl.text, (column) => column.notNull())
    .addColumn("reason", ddl.text)
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("last_used_at", "bigint")
    .addColumn("revoked_at", "bigint")
    .addColumn("revoked_by", ddl.text)
    .execute();
  await ddl.index(db, { table: "postern_api_keys", columns: ["user_id", "id"] });
}
