import { setTimeout } from "node:timers/promises";
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
  /** True when a migration has been undone so that those who are at work need not wait for it any longer. */
  readonly gaveWay: (error: unknown) => boolean;
}

/** Milliseconds for which those who waited behind a migration go first, before it is tried again. */
const GIVE_WAY_FOR = 500;
/** How often: a backup that reads every table may take some minutes. */
const TRIES = 200;

/**
 * What the name of a migration ends in that earlier versions cannot live with. They know nothing of it but its name, so
 * the name has to tell them.
 */
const BREAKING = "-breaking";

/**
 * Every migration of this version, in order, then those of newer ones.
 * @throws PosternError `migrations_pending` when the database belongs to a version that this one cannot work beside
 */
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
  refuseForeign(applied, known);
  const state = (isNewer: boolean) => (name: string) => ({
    ...{ name, isNewer },
    appliedAt: applied.get(name) ?? null,
  });
  return [
    ...known.map(({ name }) => name).map(state(false)),
    ...unknownNames(applied, known).map(state(true)),
  ];
}

/**
 * Runs what is missing, one process at a time; all or nothing, but for MySQL, where every change of a table commits and
 * a migration that was cut off is run again from its start. Instances that serve people meanwhile go first. Answers the
 * names that ran.
 * @throws PosternError `migrations_pending` as above, `store_unavailable`
 */
export async function migrate(
  db: Kysely<Schema>,
  engine: MigrationEngine,
  now: () => number,
  known: readonly Migration[] = MIGRATIONS,
): Promise<readonly string[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await migrateOnce(db, engine, now, known);
    } catch (error) {
      if (tries === TRIES || !engine.gaveWay(error)) throw error;
    }
    await setTimeout(GIVE_WAY_FOR);
  }
}

function migrateOnce(
  db: Kysely<Schema>,
  engine: MigrationEngine,
  now: () => number,
  known: readonly Migration[],
): Promise<readonly string[]> {
  return db.transaction().execute(async (tx) => {
    await engine.lockMigrations(tx);
    const ddl = await engine.ddl(tx);
    await createMigrationsTable(tx, ddl);
    const applied = await appliedMigrations(tx);
    refuseForeign(applied, known);
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

/**
 * During a rollout the new version's migrations have run while this one still serves people, and one that is started
 * again then must come up. Migrations only add (their test sees to that), so it may, unless a name says otherwise.
 */
function refuseForeign(applied: ReadonlyMap<string, number>, known: readonly Migration[]): void {
  const unknown = unknownNames(applied, known);
  const breaking = unknown.filter((name) => name.endsWith(BREAKING));
  if (breaking.length > 0) throw newer(breaking, "which this version cannot work beside");
  // What is missing would run after what came later: that nobody has tried.
  const missing = known.some(({ name }) => !applied.has(name));
  if (unknown.length > 0 && missing)
    throw newer(unknown, "which this version does not know, and lacks others");
}

function unknownNames(applied: ReadonlyMap<string, number>, known: readonly Migration[]): readonly string[] {
  const names = new Set(known.map(({ name }) => name));
  return [...applied.keys()].filter((name) => !names.has(name)).sort();
}

function newer(names: readonly string[], why: string): PosternError {
  return new PosternError(
    "migrations_pending",
    `The database belongs to a newer version of Postern: it has the migrations ${names.join(", ")}, ${why}. Install the newer version again.`,
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
