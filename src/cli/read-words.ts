import { cac } from "cac";
import { nearest } from "../web/nearest.ts";
import { CliFailure } from "./failure.ts";
import { type Flags, isRepeatable, OPTION_NAMES, type OptionName, spelled, valueName } from "./options.ts";

/** What was typed, taken apart. */
export interface TypedWords {
  /** What is neither an option nor the value of one: the command and its operands. */
  readonly words: readonly string[];
  readonly flags: Flags;
  /** The options that were typed. */
  readonly given: readonly OptionName[];
}

/**
 * cac turns what looks like a number into one, and a ticket "00412" into 412. No word can hold this character, and
 * behind it nothing looks like a number.
 */
const MARK = "\0";

/** `noInput`, `noColor`. */
const NEGATED = /^no([A-Z])(.*)$/;

/** Takes the words after `postern` apart. @throws CliFailure for an unknown option, or a value too many or too few */
export function readWords(argv: readonly string[]): TypedWords {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const understood = argv
    .slice(0, end)
    .map((word, index) => (word.startsWith("-") && !isStdin(argv, index) ? optionWord(word) : MARK + word));

  const cli = cac("postern");
  cli.globalCommand.ignoreOptionDefaultValue();
  for (const name of OPTION_NAMES) cli.option(declaration(name), "");
  const { args, options } = cli.parse(["", "", ...understood], { run: false });

  const flags = Object.fromEntries(OPTION_NAMES.map((name) => [name, read(name, options)])) as Flags;
  return {
    words: [...args.map(unmark), ...argv.slice(end + 1)],
    flags,
    given: OPTION_NAMES.filter((name) => flags[name] !== undefined && flags[name] !== false),
  };
}

/** The flags as far as they can be told from words that cannot be read: how to complain about them. */
export function guessFlags(argv: readonly string[]): Pick<Flags, "json" | "jsonl" | "color" | "noColor"> {
  return {
    json: argv.includes("--json"),
    jsonl: argv.includes("--jsonl"),
    color: undefined,
    noColor: argv.includes("--no-color"),
  };
}

/** What has a short name too. */
const SHORT: Readonly<Partial<Record<string, OptionName>>> = { "-h": "help", "-o": "output" };

/** An option as cac reads it. Spelt with hyphens, it would take the next word for the value of a plain switch. */
/** A hyphen is the value of `--rule` only: standard input. */
function isStdin(argv: readonly string[], index: number): boolean {
  return argv[index] === "-" && argv[index - 1] === "--rule";
}

function optionWord(word: string): string {
  const equals = word.indexOf("=");
  const spelling = equals === -1 ? word : word.slice(0, equals);
  const name = SHORT[spelling] ?? OPTION_NAMES.find((option) => spelled(option) === spelling);
  if (name === undefined) throw unknownOption(spelling, OPTION_NAMES);
  const unhyphened = NEGATED.test(name) ? spelled(name) : `--${name}`;
  if (equals === -1) return unhyphened;
  if (valueName(name) !== null) return `${unhyphened}=${MARK}${word.slice(equals + 1)}`;
  throw new CliFailure("unexpected_value", (words) => words.unexpectedValue(spelling));
}

/** The complaint about an option that is not among those. */
export function unknownOption(spelling: string, known: readonly OptionName[]): CliFailure {
  const guess = nearest(spelling, known.map(spelled));
  return new CliFailure("unknown_option", (words) => words.unknownOption(spelling, guess), {
    more: { option: spelling, didYouMean: guess },
  });
}

function declaration(name: OptionName): string {
  const value = valueName(name);
  if (value !== null) return `--${name} <${value}>`;
  return NEGATED.test(name) ? spelled(name) : `--${name}`;
}

/** cac keeps `--no-input` as `input: false`, and a list where an option was repeated: then the last one counts. */
function read(
  name: OptionName,
  options: Readonly<Record<string, unknown>>,
): string | readonly string[] | boolean | undefined {
  const [, first = "", rest = ""] = NEGATED.exec(name) ?? [];
  if (first !== "") return [options[first.toLowerCase() + rest]].flat().includes(false);

  const values: readonly unknown[] = [options[name]].flat().filter((one) => one !== false);
  const value = values.includes(true) && valueName(name) !== null ? true : values.at(-1);
  if (valueName(name) === null) return value === true;
  if (value === true) {
    const written = `${spelled(name)} <${valueName(name)}>`;
    throw new CliFailure("missing_value", (words) => words.missingValue(written));
  }
  const texts = values.filter((one) => typeof one === "string").map(unmark);
  if (isRepeatable(name)) return texts.length === 0 ? undefined : texts;
  return texts.at(-1);
}

function unmark(word: string): string {
  return word.startsWith(MARK) ? word.slice(MARK.length) : word;
}
