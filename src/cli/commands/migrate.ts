import { existsSync } from "node:fs";
import type { MigrationState } from "../../model/store.ts";
import { MIGRATIONS } from "../../storage/migrations/index.ts";
import { findDatabase, withDatabase } from "../database.ts";
import type { Invocation } from "../invocation.ts";
import { databaseFile } from "../place.ts";

/** `postern migrate`: runs what is missing; several at once do no harm. */
export async function run(invocation: Invocation): Promise<void> {
  const database = await findDatabase(invocation);
  if (invocation.flags.dryRun) {
    const pending = (await migrationStates(invocation, database)).filter(
      ({ appliedAt }) => appliedAt === null,
    );
    const names = pending.map(({ name }) => name);
    return answer(invocation, names);
  }
  await withDatabase(invocation, database, async (store) => answer(invocation, await store.migrate()));
}

/** What has run and what has not. A file that does not exist is not made for that. */
export async function migrationStates(
  invocation: Invocation,
  database: string,
): Promise<readonly MigrationState[]> {
  const file = databaseFile(database);
  if (file !== null && !existsSync(file))
    return MIGRATIONS.map(({ name }) => ({ name, appliedAt: null, isNewer: false }));
  let states: readonly MigrationState[] = [];
  await withDatabase(invocation, database, async (store) => {
    states = await store.migrations();
  });
  return states;
}

function answer({ flags, words, out }: Invocation, names: readonly string[]): void {
  const { migrations } = words;
  const list = names.join(", ");
  const text = flags.dryRun ? migrations.wouldRun(list) : migrations.ran(list);
  out.answer(
    { dryRun: flags.dryRun, [flags.dryRun ? "pending" : "ran"]: names },
    names.length === 0 ? migrations.nothing : text,
  );
}
