import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { main } from "../../src/cli/main.ts";
import { SECRET } from "./back-office.ts";

/** What a command left behind. */
export interface CommandResult {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandSurroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** What the person types; without it nobody is there. */
  readonly typed?: string;
  /** Columns of the terminal that stdout is; without it stdout is a pipe. */
  readonly columns?: number;
  readonly stop?: AbortSignal;
}

const ROOT = join(import.meta.dirname, "../..");

/** Runs a command in this process. */
export async function runCommand(
  argv: readonly string[],
  surroundings: CommandSurroundings = {},
): Promise<CommandResult> {
  const { env = {}, typed, columns, stop = new AbortController().signal } = surroundings;
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  stdin.end(typed);
  const stdout = Object.assign(new PassThrough(), columns === undefined ? {} : { isTTY: true, columns });
  const stderr = new PassThrough();
  const code = await main({ argv, env, stdin, stdout, stderr, stop });
  return { code, stdout: readAll(stdout), stderr: readAll(stderr) };
}

/** Runs the command that `npm run build` has made, as a process of its own. */
export function runBuiltCommand(
  argv: readonly string[],
  { env = {}, cwd = ROOT }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const words = [BUILT_COMMAND, ...argv];
    const options = { cwd, env: { PATH: process.env.PATH, ...env }, timeout: 20_000 };
    execFile(process.execPath, words, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? error.signal ?? "unknown"), stdout, stderr });
    });
  });
}

/** The file that `postern` runs. */
export const BUILT_COMMAND = join(ROOT, "dist/cli/bin.js");

/** What a configuration for the command line is made of. */
interface ConfigParts {
  readonly database: string;
  readonly rehearsalUrl: string;
  /** Whose providers: the package as it is built, or as it is written. Default `src`. */
  readonly from?: "dist" | "src";
  /** More options, as JavaScript. */
  readonly more?: string;
}

/** Writes a configuration for the command line: that of the tests' back office. Answers its path. */
export function writeConfig(
  folder: string,
  { database, rehearsalUrl, from = "src", more = "" }: ConfigParts,
): string {
  const file = join(folder, "postern.config.mjs");
  const provider = (name: string) => {
    const path = join(ROOT, from, "providers", `${name}${from === "src" ? ".ts" : ".js"}`);
    return JSON.stringify(pathToFileURL(path).href);
  };
  writeFileSync(
    file,
    `import { github } from ${provider("github")};
import { oidc } from ${provider("oidc")};
const client = { clientId: "back-office", clientSecret: "rehearsal-secret" };
export default {
  publicUrl: "http://localhost:4180",
  secret: ${JSON.stringify(SECRET)},
  database: ${JSON.stringify(database)},
  providers: [
    oidc({ id: "rehearsal", name: "Rehearsal", issuer: ${JSON.stringify(rehearsalUrl)}, ...client }),
    github({ baseUrl: ${JSON.stringify(`${rehearsalUrl}/github`)}, ...client }),
  ],
  owners: ["rehearsal:ada@demo.example", "github:1001"],
  roles: { support: ["orders.read"] },
  ${more}
};
`,
  );
  return file;
}

function readAll(stream: PassThrough): string {
  return (stream.read() as Buffer | null)?.toString("utf8") ?? "";
}
