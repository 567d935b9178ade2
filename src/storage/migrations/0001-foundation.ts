import { type Kysely, sql } from "kysely";

/** The first tables. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, engine: "sqlite" | "postgres"): Promise<void> {
  // Compared and sorted byte for byte, whatever language the database was made for: a subject is not a word.
  const text = engine === "postgres" ? sql`text collate "C"` : sql`text`;
  // Without a row id the row lies in the primary key's own tree: one descent less for every look-up.
  const keyed = engine === "postgres" ? sql`` : sql`without rowid`;

  await db.schema
    .createTable("postern_users")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("name", text)
    .addColumn("name_folded", text)
    .addColumn("email", text)
    .addColumn("email_folded", text)
    .addColumn("picture", text)
    .addColumn("status", text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("last_sign_in_at", "bigint")
    .modifyEnd(keyed)
    .execute();
  await index(db, "postern_users", ["email_folded"]);
  await index(db, "postern_users", ["status", "id"]);

  await db.schema
    .createTable("postern_identities")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("user_id", text, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("issuer", text, (column) => column.notNull())
    .addColumn("subject", text, (column) => column.notNull())
    .addColumn("handle", text)
    .addColumn("email", text)
    .addColumn("email_verified", "smallint")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("last_used_at", "bigint", (column) => column.notNull())
    .addUniqueConstraint("postern_identities_key", ["provider", "issuer", "subject"])
    .execute();
  await index(db, "postern_identities", ["user_id"]);
  await index(db, "postern_identities", ["provider", "handle"]);
  await index(db, "postern_identities", ["provider", "subject"]);

  await db.schema
    .createTable("postern_sessions")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("user_id", text, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("secret_hash", text, (column) => column.notNull().unique())
    .addColumn("provider", text, (column) => column.notNull())
    .addColumn("identity_id", text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("authenticated_at", "bigint", (column) => column.notNull())
    .addColumn("last_seen_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("user_agent", text)
    .addColumn("address", text)
    .execute();
  await index(db, "postern_sessions", ["user_id"]);

  await db.schema
    .createTable("postern_grants")
    .addColumn("user_id", text, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("role", text, (column) => column.notNull())
    .addColumn("source", text, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("postern_grants_key", ["user_id", "role", "source"])
    .modifyEnd(keyed)
    .execute();
  await index(db, "postern_grants", ["role", "user_id"]);

  await db.schema
    .createTable("postern_login_transactions")
    .addColumn("state_hash", text, (column) => column.primaryKey().notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .modifyEnd(keyed)
    .execute();
  await index(db, "postern_login_transactions", ["expires_at"]);

  await db.schema
    .createTable("postern_audit")
    .addColumn("id", text, (column) => column.primaryKey().notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("action", text, (column) => column.notNull())
    .addColumn("actor", text, (column) => column.notNull())
    .addColumn("target", text)
    .addColumn("reference", text)
    .addColumn("reason", text)
    .addColumn("address", text)
    .addColumn("detail", text, (column) => column.notNull())
    .execute();
  await index(db, "postern_audit", ["reference"]);
  await index(db, "postern_audit", ["target", "id"]);
  await index(db, "postern_audit", ["action", "id"]);
}

function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  return db.schema
    .createIndex(`${table}_by_${columns.join("_")}`)
    .on(table)
    .columns(columns)
    .execute();
}
