import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";

/** What kind of place a command acts on: in production, what takes something away asks back. */
export type PlaceKind = "production" | "development" | "demo";

/** Says on stderr where this acts: the database without its password. */
export function sayWhere({ out, words }: Invocation, database: string, kind: PlaceKind): void {
  out.say(out.paintTalk("dim", `→ ${describeDatabase(database)} (${words.place.kinds[kind]})`));
}

/** The database as it may be shown: no password, and no parameters, which may hold one. */
export function describeDatabase(database: string): string {
  const file = databaseFile(database);
  if (file !== null) return file;
  const url = URL.parse(database);
  // A password that should have been escaped ends up anywhere.
  if (url === null || url.pathname.includes("@")) return database.replace(/:.*$/s, "://…");
  const user = url.username === "" ? "" : `${url.username}@`;
  return `${url.protocol}//${user}${url.host}${url.pathname}`;
}

/**
 * Looking must not make an empty database: the wrong folder would go unnoticed.
 * @throws CliFailure `store_unavailable`
 */
export function requireDatabaseFile(database: string, { demo }: { readonly demo: boolean }): void {
  const file = databaseFile(database);
  if (file === null || existsSync(file)) return;
  throw new CliFailure("store_unavailable", (words) => words.databaseMissing(file), {
    hint: (words) => words.databaseMissingHint(demo),
    more: { database: file },
  });
}

/** The file of an SQLite database, absolute; `null` for a server, and for what cannot be understood. */
export function databaseFile(database: string): string | null {
  if (!/^file:./i.test(database)) return null;
  try {
    return database.startsWith("file://") ? fileURLToPath(database) : resolve(database.slice("file:".length));
  } catch {
    return null;
  }
}
