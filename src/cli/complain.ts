import { CliFailure, EXIT_CODES } from "./failure.ts";
import { findCommand } from "./find-command.ts";
import type { Output } from "./output.ts";
import { printable } from "./printable.ts";
import type { Words } from "./words/en.ts";
import { wordsOf } from "./words/words-of.ts";

/** Says what went wrong: a sentence for people on stderr, and with `--json` a document with the stable code on stdout. */
export async function complain(
  out: Output,
  words: Words,
  error: unknown,
  typed: readonly string[],
): Promise<CliFailure> {
  // Most mistakes are in the words that were typed; to tell those, nothing else has to be loaded.
  const failure =
    error instanceof CliFailure ? error : (await import("./translate-error.ts")).translateError(error);
  const { code, hint, more } = failure;
  out.complain(
    `${out.paintTalk("red", "✗")} ${printable(failure.say(words))}  ${out.paintTalk("dim", code)}`,
  );
  if (hint !== null) out.complain(hint(words));
  if (EXIT_CODES[code] === EXIT_CODES.unknown_option) out.complain(words.seeHelp(commandOf(typed)));
  if (out.verbose && failure.cause instanceof Error) out.complain(String(failure.cause.stack));
  if ((out.json || out.jsonl) && !failure.isAnswered) {
    // English whatever the terminal speaks: programs, and those who search for it, read this.
    out.answer({ code, exitCode: EXIT_CODES[code], detail: failure.say(wordsOf("en")), ...more }, "");
  }
  return failure;
}

/** The command whose help tells more: the longest that the typed words begin with. */
function commandOf(typed: readonly string[]): string {
  try {
    const found = findCommand(typed);
    return ["postern", found.kind === "command" ? found.row.path : found.path].join(" ").trim();
  } catch {
    return "postern";
  }
}
