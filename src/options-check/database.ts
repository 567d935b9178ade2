import type { Report } from "../model/rule-vocabulary.ts";

/** Where everything is kept unless something else is said. */
export const DEFAULT_DATABASE = "file:.postern/postern.db";

/** The value itself stays out of the message: it may hold a password. */
export function checkDatabase(database: unknown, report: Report): string {
  if (typeof database === "string" && (database.startsWith("file:") || isServer(database))) return database;
  const scheme = typeof database === "string" ? /^([a-z][a-z0-9+.-]*):/i.exec(database)?.[1] : undefined;
  const path = typeof database === "string" && /^[\w./-]+$/.test(database) ? database : ".postern/postern.db";
  report(
    "database",
    scheme === undefined
      ? "is neither a file nor the address of a database server"
      : `begins with "${scheme}:"; it can be "file:", "postgres:" or "mysql:"`,
    `Use "file:${path}", "postgres://user@host/name" or "mysql://user@host/name".`,
  );
  return DEFAULT_DATABASE;
}

/** True for a database that lives in a server of its own. */
export function isServer(database: string): boolean {
  return /^(postgres(ql)?|mysql|mariadb):\/\//.test(database);
}
