import { type Kysely, sql } from "kysely";
import type { Ddl } from "../../src/storage/ddl.ts";
import { MIGRATIONS, type Migration } from "../../src/storage/migrations/index.ts";

/** What the next version might add: everything that a migration may do, to the tables that every request needs. */
const ADDED: readonly Migration[] = [
  { name: "9001-wider", up: widen },
  { name: "9002-beside", up: addBeside },
];

/** The migrations of a version after this one. */
export const NEXT_MIGRATIONS: readonly Migration[] = [...MIGRATIONS, ...ADDED];

export const ADDED_NAMES: readonly string[] = ADDED.map(({ name }) => name);

async function widen(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  for (const table of [
    "users",
    "identities",
    "sessions",
    "grants",
    "login_transactions",
    "audit",
    "policy",
  ]) {
    await db.schema.alterTable(`postern_${table}`).addColumn("next_note", ddl.text).execute();
  }
  await db.schema
    .alterTable("postern_sessions")
    .addColumn("next_level", "bigint", (column) => column.notNull().defaultTo(sql`0`))
    .execute();
}

async function addBeside(db: Kysely<unknown>, ddl: Ddl): Promise<void> {
  await db.schema
    .createTable("postern_next_things")
    .addColumn("id", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("user_id", ddl.key, (column) =>
      column.notNull().references("postern_users.id").onDelete("cascade"),
    )
    .addColumn("session_id", ddl.key, (column) =>
      column.references("postern_sessions.id").onDelete("cascade"),
    )
    .execute();
  await ddl.index(db, { table: "postern_sessions", columns: ["next_level"] });
  await ddl.index(db, { table: "postern_audit", columns: ["next_note"] });
}
