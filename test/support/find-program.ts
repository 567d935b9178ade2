import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a server's program, also where Debian puts what only administrators call; `null` = it is not installed. */
export function programPath(name: string): string | null {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** The same for tests, which cannot go on without it. @throws Error */
export function findProgram(name: string): string {
  const path = programPath(name);
  if (path !== null) return path;
  throw new Error(`No ${name} was found for the tests: \`npm test\` installs it, or tells how to get it.`);
}
