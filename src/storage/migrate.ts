import type { Kysely, Transaction } from "kysely";
import { PosternError } from "../errors.ts";
import type { MigrationState } from "../model/store.ts";
import type { Ddl } from "./ddl.ts";
import { MIGRATIONS, type Migration } from "./migrations/index.ts";
import type { Schema } from "./schema.ts";

/** What running migrations needs to know about the engine. */
export interface MigrationEngine {
  /** How it says what migrations need. */
  readonly ddl: (db: Kysely<Schema>) => Promise<Ddl>;
  /** Lets one process at a time go on; the others wait until its transaction ends. */
  readonly lockMigrations: (tx: Transaction<Schema>) => Promise<void>;
}

/** Every migration of this version, in order. @throws PosternError `migrations_pending` when the database is newer. */
export async function migrationStates(
  db: Kysely<Schema>,
  known: readonly Migration[] = MIGRATIONS,
): Promise<readonly MigrationState[]> {
  const applied = await appliedMigrations(db).catch((error: unknown) => {
    // No table yet: nothing has ever run.
    if (error instanceof PosternError && error.code === "migrations_pending")
      return new Map<string, number>();
    throw error;
  });
  refuseNewer(applied, known);
  return known.map(({ name }) => ({ name, appliedAt: applied.get(name) ?? null }));
}

/**
 * Runs what is missing, one process at a time; all or nothing, but for MySQL, where every change of a table commits and
 * a migration that was cut off is run again from its start. Answers the names that ran.
 * @throws PosternError `migrations_pending` when the database is newer than this version.
 */
export function migrate(
  db: Kysely<Schema>,
  engine: MigrationEngine,
  now: () => number,
  known: readonly Migration[] = MIGRATIONS,
): Promise<readonly string[]> {
  return db.transaction().execute(async (tx) => {
    await engine.lockMigrations(tx);
    const ddl = await engine.ddl(tx);
    await createMigrationsTable(tx, ddl);
    const applied = await appliedMigrations(tx);
    refuseNewer(applied, known);
    // A migration knows the tables of its own day, never today's types.
    const untyped = tx as unknown as Kysely<unknown>;
    const missing = known.filter(({ name }) => !applied.has(name));
    for (const { name, up } of missing) {
      await up(untyped, ddl);
      await tx.insertInto("postern_migrations").values({ name, applied_at: now() }).execute();
    }
    return missing.map(({ name }) => name);
  });
}

async function appliedMigrations(db: Kysely<Schema>): Promise<Map<string, number>> {
  const rows = await db.selectFrom("postern_migrations").select(["name", "applied_at"]).execute();
  return new Map(rows.map((row) => [row.name, row.applied_at]));
}

/** An older version must not write into tables whose promises it does not know. */
function refuseNewer(applied: ReadonlyMap<string, number>, known: readonly Migration[]): void {
  const names = new Set(known.map(({ name }) => name));
  const newer = [...applied.keys()].filter((name) => !names.has(name)).sort();
  if (newer.length === 0) return;
  throw new PosternError(
    "migrations_pending",
    `The database belongs to a newer version of Postern: it has the migrations ${newer.join(", ")}, which this version does not know. Install the newer version again.`,
    { reason: "database_newer" },
  );
}

function createMigrationsTable(tx: Transaction<Schema>, ddl: Ddl): Promise<void> {
  return tx.schema
    .createTable("postern_migrations")
    .ifNotExists()
    .addColumn("name", ddl.key, (column) => column.primaryKey().notNull())
    .addColumn("applied_at", "bigint", (column) => column.notNull())
    .execute();
}
