import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of a server's program, also where Debian puts what only administrators call. @throws Error */
export function findProgram(name: string): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`No ${name} was found for the tests: \`npm test\` installs it, or tells how to get it.`);
}
