import { fileURLToPath } from "node:url";
import { ConfigError } from "../errors.ts";
import type { Log } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import type { StoreParts } from "./store.ts";

export interface StoreOptions extends StoreParts {
  readonly log: Log;
}

/**
 * Opens the store that `database` names: `file:path` (SQLite), `postgres://…`, `mysql://…` or `mariadb://…`. Does not migrate.
 * @throws ConfigError when the name cannot be understood, PosternError `store_unavailable` when a file cannot be opened.
 */
export async function openStore(database: string, options: StoreOptions): Promise<Store> {
  // Imported when chosen: nobody waits for, or is warned about, an engine that they do not use.
  if (/^postgres(ql)?:\/\//i.test(database)) {
    const { openPostgres } = await import("./postgres.ts");
    return openPostgres(database, options);
  }
  if (/^(mysql|mariadb):\/\//i.test(database)) {
    const { openMysql } = await import("./mysql.ts");
    return openMysql(database.replace(/^mariadb/i, "mysql"), options);
  }
  const path = sqlitePath(database);
  const { openSqlite } = await import("./sqlite.ts");
  return openSqlite(path, options);
}

function sqlitePath(database: string): string {
  if (!/^file:/i.test(database)) throw unusable("is none of file:…, postgres://… and mysql://…");
  const path = database.startsWith("file://") ? localPath(database) : database.slice("file:".length);
  if (path === "") throw unusable("names no file");
  if (path.startsWith(":memory:")) {
    throw unusable("asks for a database in memory, which Postern cannot share between its two connections");
  }
  return path;
}

function localPath(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw unusable("is not the address of a local file");
  }
}

/** The value itself stays out of the message: it may hold a password. */
function unusable(what: string): ConfigError {
  return new ConfigError([
    {
      path: "database",
      message: `The database address ${what}.`,
      fix: "Write file:.postern/postern.db for SQLite, postgres://user:password@host:5432/name for PostgreSQL, or mysql://user:password@host:3306/name for MySQL and MariaDB.",
    },
  ]);
}
