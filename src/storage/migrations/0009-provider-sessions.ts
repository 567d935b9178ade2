import { type Kysely, sql } from "kysely";

/** Signing out at the provider, and being signed out by it. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared byte for byte, as in the first migration.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;

  await db.schema
    .createTable("postern_provider_sessions")
    .addColumn("session_id", text, (column) =>
      column.primaryKey().notNull().references("postern_sessions.id").onDelete("cascade"),
    )
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("issuer", text, (column) => column.notNull())
    .addColumn("subject", text, (column) => column.notNull())
    .addColumn("sid", text)
    .addColumn("id_token", text)
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .execute();
  await index(db, "postern_provider_sessions", ["provider", "issuer", "subject"]);
  await index(db, "postern_provider_sessions", ["provider", "issuer", "sid"]);

  await db.schema
    .createTable("postern_logout_notices")
    .addColumn("token_hash", text, (column) => column.primaryKey().notNull())
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("issuer", text, (column) => column.notNull())
    .addColumn("sid", text)
    .addColumn("subject", text)
    .addColumn("issued_at", "bigint", (column) => column.notNull())
    .addColumn("received_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
  await index(db, "postern_logout_notices", ["provider", "issuer", "received_at"]);
  await index(db, "postern_logout_notices", ["expires_at"]);

  await db.schema
    .createTable("postern_provider_sign_outs")
    .addColumn("state_hash", text, (column) => column.primaryKey().notNull())
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("id_token", text)
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .execute();
  await index(db, "postern_provider_sign_outs", ["expires_at"]);
}

async function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_${columns.join("_")}`)
    .on(table)
    .columns(columns)
    .execute();
}
