import { nearest } from "../web/nearest.ts";
import { COMMANDS, type CommandRow } from "./commands.ts";
import { CliFailure } from "./failure.ts";

/** What the words name: a command with its operands, or only the beginning of one (`users`, or nothing at all). */
export type Found =
  | { readonly kind: "command"; readonly row: CommandRow; readonly operands: readonly string[] }
  | { readonly kind: "group"; readonly path: string };

const ROWS: readonly CommandRow[] = COMMANDS;

/** Finds the command that the words begin with. @throws CliFailure `unknown_command`, with the nearest one */
export function findCommand(words: readonly string[]): Found {
  const row = ROWS.filter(({ path }) => startsWith(words, path)).toSorted(byLength)[0];
  const path = row?.path ?? groupOf(words);
  const operands = words.slice(lengthOf(path));
  if (row === undefined && operands.length === 0) return { kind: "group", path };
  if (row !== undefined && !(row.operands.length === 0 && operands.length > 0 && below(path).length > 0)) {
    return { kind: "command", row, operands };
  }
  throw unknownCommand(path, operands[0] ?? "");
}

/** The commands below a path: all of them below the empty one. */
export function below(path: string): readonly CommandRow[] {
  return ROWS.filter((row) => path === "" || row.path.startsWith(`${path} `));
}

function groupOf(words: readonly string[]): string {
  const [first = ""] = words;
  return first !== "" && below(first).length > 0 ? first : "";
}

/** What comes next at this level; and for `postern grant`, where a command of that name is. */
function unknownCommand(path: string, word: string): CliFailure {
  const typed = join(path, word);
  const next = below(path).map((row) => join(path, row.path.split(" ")[lengthOf(path)] ?? ""));
  const elsewhere = ROWS.find((row) => row.path.endsWith(` ${word}`))?.path ?? null;
  const guess = nearest(typed, [...new Set(next)]) ?? elsewhere;
  return new CliFailure("unknown_command", (words) => words.unknownCommand(typed, guess), {
    more: { command: typed, didYouMean: guess },
  });
}

function startsWith(words: readonly string[], path: string): boolean {
  return path.split(" ").every((part, index) => words[index] === part);
}

function byLength(a: CommandRow, b: CommandRow): number {
  return lengthOf(b.path) - lengthOf(a.path);
}

function lengthOf(path: string): number {
  return path === "" ? 0 : path.split(" ").length;
}

function join(path: string, word: string): string {
  return path === "" ? word : `${path} ${word}`;
}
