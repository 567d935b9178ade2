import { readFileSync } from "node:fs";
import type { CommandPath, CommandRow } from "./commands.ts";
import { complain } from "./complain.ts";
import { CliFailure, EXIT_CODES } from "./failure.ts";
import { findCommand } from "./find-command.ts";
import { help } from "./help.ts";
import type { Invocation } from "./invocation.ts";
import { loadCommand } from "./load-command.ts";
import { COMMON_OPTIONS, type OptionName, spelled } from "./options.ts";
import { createOutput } from "./output.ts";
import { guessFlags, readWords, type TypedWords, unknownOption } from "./read-words.ts";
import type { Terminal } from "./terminal.ts";
import { localeOf, wordsOf } from "./words/words-of.ts";

/** Runs one command line to its end; answers the exit code. Never rejects. */
export async function main(terminal: Terminal): Promise<number> {
  const words = wordsOf(localeOf(terminal.env));
  let typed: TypedWords | null = null;
  try {
    typed = readWords(terminal.argv);
    return await run(terminal, typed);
  } catch (error) {
    const flags = typed?.flags ?? { ...guessFlags(terminal.argv), quiet: false, verbose: false };
    // Words that cannot be read still begin with the command that was meant.
    const plain = typed?.words ?? terminal.argv.filter((word) => !word.startsWith("-"));
    const failure = await complain(createOutput(terminal, flags), words, error, plain);
    return EXIT_CODES[failure.code];
  }
}

async function run(terminal: Terminal, typed: TypedWords): Promise<number> {
  const { flags } = typed;
  const out = createOutput(terminal, flags);
  const locale = localeOf(terminal.env);
  const words = wordsOf(locale);
  const asksForHelp = typed.words[0] === "help";
  const found = findCommand(asksForHelp ? typed.words.slice(1) : typed.words);

  if (flags.help || asksForHelp) {
    out.print(help(found, words));
    return 0;
  }
  if (found.kind === "group") {
    if (found.path === "" && flags.version) {
      out.print(version());
      return 0;
    }
    out.complain(`${help(found, words)}\n`);
    throw new CliFailure("missing_command", (words) => words.missingCommand);
  }
  checkOptions(found.row, typed);
  checkOperands(found.row, found.operands);
  const { env, stdin, stop } = terminal;
  const invocation = { env, stdin, stop, operands: found.operands, flags, locale, words, out };
  await runUntilStopped(found.row, invocation);
  return 0;
}

function checkOptions(row: CommandRow, { flags, given }: TypedWords): void {
  const known: readonly OptionName[] = [...row.options, ...COMMON_OPTIONS];
  for (const name of given) if (!known.includes(name)) throw unknownOption(spelled(name), known);
  if (flags.color !== undefined && !["auto", "always", "never"].includes(flags.color)) {
    const { color } = flags;
    throw new CliFailure("invalid_argument", (words) =>
      words.notOneOf("--color", color, "auto, always, never"),
    );
  }
  for (const [one, other] of EXCLUSIVE) {
    if (!given.includes(one) || !given.includes(other)) continue;
    throw new CliFailure("invalid_argument", (words) => words.notTogether(spelled(one), spelled(other)));
  }
}

/** Pairs of which only one can be meant. */
const EXCLUSIVE: readonly (readonly [OptionName, OptionName])[] = [
  ["json", "jsonl"],
  ["config", "demo"],
  ["limit", "all"],
  ["deleted", "pending"],
  ["query", "deleted"],
  ["query", "pending"],
  ["after", "deleted"],
  ["after", "pending"],
  ["for", "breakGlass"],
];

function checkOperands(row: CommandRow, operands: readonly string[]): void {
  row.operands.forEach((name, index) => {
    if ((operands[index] ?? "").trim() !== "") return;
    throw new CliFailure("missing_argument", (words) => words.missingArgument(name));
  });
  const tooMuch = operands[row.operands.length + (row.mayFollow?.length ?? 0)];
  if (tooMuch !== undefined) {
    throw new CliFailure("unexpected_argument", (words) => words.unexpectedArgument(tooMuch));
  }
}

/** Answers early when the person wants to stop: everything that is written is written whole or not at all. */
async function runUntilStopped(row: CommandRow, invocation: Invocation): Promise<void> {
  const run = await loadCommand(row.path as CommandPath);
  if (row.stopsItself) return run(invocation);
  const { stop } = invocation;
  const stopped = Promise.withResolvers<never>();
  const interrupt = () => stopped.reject(new CliFailure("interrupted", (words) => words.interrupted));
  stop.addEventListener("abort", interrupt);
  try {
    if (stop.aborted) interrupt();
    await Promise.race([stopped.promise, run(invocation)]);
  } finally {
    stop.removeEventListener("abort", interrupt);
  }
}

/** Of this package: from its own manifest, which stands two folders up, in `src` as in `dist`. */
function version(): string {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  );
  return manifest.version;
}
