import { once } from "node:events";
import { createPaint, type Paint } from "./colours.ts";
import type { Flags } from "./options.ts";
import { printableJson } from "./printable.ts";
import { table, tabSeparated } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Where a command writes: data to stdout, talk to stderr. */
export interface Output {
  /** True when stdout is for programs: one JSON document, or one on each line. */
  readonly json: boolean;
  readonly jsonl: boolean;
  /** True for a person at a terminal; false for a pipe or a file. */
  readonly terminal: boolean;
  /** The same for what is said. */
  readonly talkTerminal: boolean;
  readonly verbose: boolean;
  /** The answer of a command: the document for programs, otherwise the text, which `--quiet` leaves out. */
  answer(document: object, text: string): void;
  /** Text that was asked for as such: the help, the version. */
  print(text: string): void;
  /** Data of any length; resolves when there is room for more, and rejects when the person wants to stop. */
  stream(text: string): Promise<void>;
  /** One line of `--jsonl`. */
  jsonLine(document: object): void;
  /** Rows with headings for a terminal, tab-separated without them for a program. */
  table(headings: readonly string[], rows: readonly (readonly string[])[]): void;
  /** Talk; `--quiet` leaves it out. */
  say(text: string): void;
  /** The line that talk is on, over what stood there; `--quiet` leaves it out. Only for a terminal. */
  redraw(text: string): void;
  /** Talk that must be heard: what went wrong, and what it is about. */
  complain(text: string): void;
  /** A sentence of something done, with its tick for a terminal. */
  done(sentence: string): string;
  /** Colours for stderr. */
  readonly paintTalk: Paint;
}

export type OutputFlags = Pick<Flags, "json" | "jsonl" | "quiet" | "verbose" | "color" | "noColor">;

/** Columns of a terminal that does not tell, or says 0. */
const USUAL_COLUMNS = 80;

/** Makes the output of one run. */
export function createOutput({ stdout, stderr, env, stop }: Terminal, flags: OutputFlags): Output {
  const { json, jsonl, quiet, verbose } = flags;
  const terminal = stdout.isTTY === true;
  const paint = createPaint(stdout, env, flags);
  const paintTalk = createPaint(stderr, env, flags);
  const write = (text: string) => void stdout.write(`${text}\n`);
  const complain = (text: string) => void stderr.write(`${text}\n`);
  const jsonLine = (document: object) => write(printableJson(document, 0));

  return {
    json,
    jsonl,
    terminal,
    talkTerminal: stderr.isTTY === true,
    verbose,
    paintTalk,
    done: (sentence) => (terminal ? `${paint("green", "✓")} ${sentence}` : sentence),
    print: write,
    jsonLine,
    complain,
    async stream(text) {
      if (!stdout.write(text)) await once(stdout, "drain", { signal: stop });
    },
    redraw: (text) => void (quiet || stderr.write(`\r\u001B[K${text}`)),
    answer(document, text) {
      if (jsonl) jsonLine(document);
      else if (json) write(printableJson(document, 2));
      else if (!quiet) write(text);
    },
    table(headings, rows) {
      const [first = "", ...rest] = table(headings, rows, stdout.columns || USUAL_COLUMNS);
      if (terminal) write([paint("dim", first), ...rest].join("\n"));
      else if (rows.length > 0) write(tabSeparated(rows).join("\n"));
    },
    say: (text) => (quiet ? undefined : complain(text)),
  };
}

/** A labelled block: aligned for a terminal, tab-separated for a program. */
export function labelled(
  out: Pick<Output, "terminal">,
  pairs: readonly (readonly [label: string, value: string])[],
): string {
  if (!out.terminal) return tabSeparated(pairs).join("\n");
  return table(["", ""], pairs, Number.POSITIVE_INFINITY)
    .slice(1)
    .map((line) => `  ${line}`)
    .join("\n");
}
