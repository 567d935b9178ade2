import { type Log, SILENT_LOG } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import { openStore } from "../storage/open-store.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { loadOptions } from "./load-options.ts";
import { type PlaceKind, sayWhere } from "./place.ts";

/**
 * The database to migrate: that of the configuration, otherwise DATABASE_URL alone, since migrating needs nothing else.
 * Says where that is. @throws CliFailure `config_missing`; ConfigError
 */
export async function findDatabase(invocation: Invocation): Promise<string> {
  const { flags, env } = invocation;
  const options = await loadOptions(invocation);
  const database = options?.database || env.DATABASE_URL || (options === null ? null : DEFAULT);
  if (database === null) throw databaseUnknown();
  const kind: PlaceKind = flags.demo ? "demo" : env.NODE_ENV === "production" ? "production" : "development";
  sayWhere(invocation, database, kind);
  return database;
}

/** As in `PosternOptions`. */
const DEFAULT = "file:.postern/postern.db";

/** Opens the database, and closes it when the work is done. @throws ConfigError; PosternError `store_unavailable` */
export async function withDatabase(
  { out }: Invocation,
  database: string,
  work: (store: Store) => Promise<void>,
): Promise<void> {
  const quiet: Log = {
    ...SILENT_LOG,
    error: (fields, message) => out.complain(`${message} ${JSON.stringify(fields)}`),
  };
  const store = await openStore(database, { now: Date.now, log: quiet });
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

function databaseUnknown(): CliFailure {
  const folder = process.cwd();
  return new CliFailure("config_missing", (words) => words.databaseUnknown(folder), {
    hint: (words) => words.databaseUnknownHint,
    more: { folder },
  });
}
