import { type Kysely, sql } from "kysely";
import type { Ddl } from "../ddl.ts";

/** The first tables. Frozen: a later change is a later migration. */
export async function up(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_users")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("name", ddl.text)
    .addColumn("name_folded", ddl.text)
    .addColumn("email", ddl.text)
    .addColumn("email_folded", ddl.text)
    .addColumn("picture", ddl.text)
    .addColumn("status", ddl.key, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("last_sign_in_at", "bigint")
    .modifyEnd(ddl.keyed)
    .execute();
  await ddl.index(db, { table: "postern_users", columns: ["email_folded"], long: ["email_folded"] });
  await ddl.index(db, { table: "postern_users", columns: ["status", "id"] });

  await db.schema
    .createTable("postern_identities")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("user_id", ddl.key, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("provider", ddl.key, (column) => column.notNull())
    .addColumn("issuer", ddl.text, (column) => column.notNull())
    .addColumn("subject", ddl.text, (column) => column.notNull())
    .addColumn("handle", ddl.text)
    .addColumn("email", ddl.text)
    .addColumn("email_verified", "smallint")
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("last_used_at", "bigint", (column) => column.notNull())
    .execute();
  await ddl.unique(db, "postern_identities_key", "postern_identities", ["provider", "issuer", "subject"]);
  await ddl.index(db, { table: "postern_identities", columns: ["user_id"] });
  await ddl.index(db, { table: "postern_identities", columns: ["provider", "handle"], long: ["handle"] });
  await ddl.index(db, { table: "postern_identities", columns: ["provider", "subject"], long: ["subject"] });

  await db.schema
    .createTable("postern_sessions")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("user_id", ddl.key, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("secret_hash", ddl.key, (column) => column.notNull().unique())
    .addColumn("provider", ddl.key, (column) => column.notNull())
    .addColumn("identity_id", ddl.key, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("authenticated_at", "bigint", (column) => column.notNull())
    .addColumn("last_seen_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .addColumn("user_agent", ddl.text)
    .addColumn("address", ddl.text)
    .execute();
  await ddl.index(db, { table: "postern_sessions", columns: ["user_id"] });

  await db.schema
    .createTable("postern_grants")
    .addColumn("user_id", ddl.key, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("role", ddl.key, (column) => column.notNull())
    .addColumn("source", ddl.key, (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("postern_grants_key", ["user_id", "role", "source"])
    .modifyEnd(ddl.keyed)
    .execute();
  await ddl.index(db, { table: "postern_grants", columns: ["role", "user_id"] });

  await db.schema
    .createTable("postern_login_transactions")
    .addColumn("state_hash", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("expires_at", "bigint", (column) => column.notNull())
    .modifyEnd(ddl.keyed)
    .execute();
  await ddl.index(db, { table: "postern_login_transactions", columns: ["expires_at"] });

  await db.schema
    .createTable("postern_audit")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("action", ddl.key, (column) => column.notNull())
    .addColumn("actor", ddl.text, (column) => column.notNull())
    .addColumn("target", ddl.key)
    .addColumn("reference", ddl.key)
    .addColumn("reason", ddl.text)
    .addColumn("address", ddl.text)
    .addColumn("detail", ddl.text, (column) => column.notNull())
    .execute();
  await ddl.index(db, { table: "postern_audit", columns: ["reference"] });
  await ddl.index(db, { table: "postern_audit", columns: ["target", "id"] });
  await ddl.index(db, { table: "postern_audit", columns: ["action", "id"] });

  if (ddl.engine === "mysql") {
    // Its own locks belong to a connection and not to a transaction; those of a row do.
    await db.schema
      .createTable("postern_locks")
      .addColumn("name", ddl.key, (column) => column.primaryKey().notNull())
      .execute();
    await sql`insert into postern_locks (name) values ('owners'), ('requests'), ('policy')`.execute(db);
  }
}
