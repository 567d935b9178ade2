import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** The provider's tokens, sealed; one row for each identity. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_tokens")
    .addColumn("identity_id", ddl.key, (column) =>
      column.primaryKey().notNull().references("postern_identities.id").onDelete("cascade"),
    )
    .addColumn("sealed", ddl.text, (column) => column.notNull())
    .addColumn("key_id", ddl.key, (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("lease_owner", ddl.key)
    .addColumn("lease_until", "bigint")
    .addColumn("retry_at", "bigint")
    .addColumn("retry_code", ddl.key)
    .execute();
  await ddl.index(db, { table: "postern_tokens", columns: ["key_id", "identity_id"] });
}
