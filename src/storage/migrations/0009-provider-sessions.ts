import type { Kysely } from "kysely";
import type { Ddl } from "../ddl.ts";

/** Signing out at the provider, and being signed out by it. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_provider_sessions")
    .addColumn("session_id", ddl.key, (column) =>
      column.primaryKey().notNull().references("postern_sessions.id").onDelete("cascade"),
    )
    .addColumn("provider", ddl.key, (column) => column.notNull())
    .addColumn("issuer", ddl.text, (column) => column.notNull())
    .addColumn("subject", ddl.text, (column) => column.notNull())
    .addColumn("sid", ddl.text)
    .addColumn("id_token", ddl.text)
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .execute();
  await ddl.index(db, {
    table: "postern_provider_sessions",
    columns: ["provider", "issuer", "subject"],
    long: ["issuer", "subject"],
  });
  await ddl.index(db, {
    table: "postern_provider_sessions",
    columns: ["provider", "issuer", "sid"],
    long: ["issuer", "sid"],
  });

  await db.schema
    .createTable("postern_logout_notices")
    .addColumn("token_hash", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("provider", ddl.key, (column) => column.notNull())
    .addColumn("issuer", ddl.text, (column) => column.notNull())
    .addColumn("sid", ddl.text)
    .addColumn("subject", ddl.text)
    .addColumn("issued_at", "bigint", (column) => column.notNull())
    .addColumn("received_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
  await ddl.index(db, {
    table: "postern_logout_notices",
    columns: ["provider", "issuer", "received_at"],
    long: ["issuer"],
  });
  await ddl.index(db, { table: "postern_logout_notices", columns: ["expires_at"] });

  await db.schema
    .createTable("postern_provider_sign_outs")
    .addColumn("state_hash", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("provider", ddl.key, (column) => column.notNull())
    .addColumn("id_token", ddl.text)
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
  await ddl.index(db, { table: "postern_provider_sign_outs", columns: ["expires_at"] });
}
