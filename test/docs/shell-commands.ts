/** A command that the documentation may tell people to run. */
export interface ProvenCommand {
  /** The whole command, or what it must match from its first to its last character. */
  readonly command: string | RegExp;
  /** The test that would fail if it did not work. */
  readonly provenBy: string;
}

/** Every command of the documentation. Closed: a page cannot tell people to run what no test has run. */
export const PROVEN_COMMANDS: readonly ProvenCommand[] = [
  { command: "npm install postern", provenBy: "test/package.test.ts" },
  { command: "npm ci", provenBy: ".ci/run" },
  { command: "npm ci && npm start", provenBy: "scripts/try-start.ts" },
  { command: "npm ci && npm test", provenBy: ".ci/run" },
  { command: /npm test( -- \S+)?/, provenBy: "scripts/run-vitest.test.ts" },
  { command: "npx postern migrate", provenBy: "test/cli.test.ts" },
  { command: /npx postern api-keys (create|list|revoke)( .+)?/, provenBy: "src/cli/api-keys.test.ts" },
  { command: /npx postern users (list|grant \S+ \w+|sign-out \S+)/, provenBy: "test/cli.test.ts" },
];

/** The row of the table that a command falls under, or `null`. */
export function provenCommand(
  command: string,
  table: readonly ProvenCommand[] = PROVEN_COMMANDS,
): ProvenCommand | null {
  const matches = (row: ProvenCommand) =>
    typeof row.command === "string"
      ? row.command === command
      : new RegExp(`^(?:${row.command.source})$`, row.command.flags).test(command);
  return table.find(matches) ?? null;
}

/** The commands of a shell block: comments left out, lines that end in a backslash joined with the next. */
export function commandsOf(shell: string): readonly string[] {
  return shell
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .map((line) => line.replace(/(^|\s+)#.*$/, "").trim())
    .filter((line) => line !== "");
}
