import { open } from "node:fs/promises";
import { addAbortSignal, type Readable } from "node:stream";
import { ENCODINGS, type Encoding } from "../../transfer/decode-text.ts";
import type { ImportResult, ImportWish } from "../../transfer/import-context.ts";
import { TRANSFER_FORMATS } from "../../transfer/read-transfer.ts";
import { TransferFailure } from "../../transfer/transfer-failure.ts";
import type { RowProblem } from "../../transfer/transfer-record.ts";
import { actor } from "../actor.ts";
import { confirm } from "../confirm.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { printable } from "../printable.ts";
import { startProgress } from "../progress.ts";
import { readOneOf } from "../read-choice.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** As many lines that are wrong are told; the rest is counted. */
const MOST_TOLD = 1_000;

/** `postern import <file>`: people, identities and roles from JSON Lines or CSV. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, words, operands } = invocation;
  const format = readOneOf("format", flags.format ?? "auto", ["auto", ...TRANSFER_FORMATS]);
  const encoding = flags.encoding === undefined ? null : readOneOf("encoding", flags.encoding, ENCODINGS);
  const onConflict = readOneOf("onConflict", flags.onConflict ?? "skip", ["skip", "update", "fail"]);
  const [file = ""] = operands;
  const bytes = addAbortSignal(invocation.stop, file === "-" ? invocation.stdin : await openFile(file));
  const wish: ImportWish = {
    onConflict,
    dryRun: flags.dryRun,
    // Whoever runs this holds the server, and could make owners one by one as well.
    mayMakeOwners: true,
    ...(flags.reason !== undefined && { reason: flags.reason }),
  };
  try {
    await withPostern(invocation, async (office) => {
      if (!flags.dryRun) await confirm(invocation, office, words.transfer.wouldImport(printable(file)));
      const given = { format: format === "auto" ? null : format, encoding };
      await importFile(invocation, office, bytes, wish, given);
    });
  } finally {
    if (file !== "-") bytes.destroy();
  }
}

/** @throws CliFailure `file_unusable` */
async function openFile(path: string): Promise<Readable> {
  try {
    return (await open(path)).createReadStream();
  } catch (error) {
    throw unusable(error);
  }
}

type Counts = Record<ImportResult["action"], number> & { owners: number };

async function importFile(
  invocation: Invocation,
  { door }: Office,
  bytes: Readable,
  wish: ImportWish,
  given: { readonly format: "jsonl" | "csv" | null; readonly encoding: Encoding | null },
): Promise<void> {
  const { out, words, stop, flags } = invocation;
  const counts: Counts = { created: 0, updated: 0, waiting: 0, skipped: 0, failed: 0, owners: 0 };
  const wrong: ImportResult[] = [];
  const progress = startProgress(invocation, null);
  let done = 0;
  try {
    const { rows, format, encoding } = await door.transfer.read(bytes, given);
    out.say(words.transfer.reading(format, encoding));
    for await (const result of door.transfer.import(rows, wish, actor())) {
      counts[result.action]++;
      if (result.roles.includes("owner")) counts.owners++;
      if (result.action === "failed" && wrong.length < MOST_TOLD) wrong.push(result);
      if (result.problem !== null || out.verbose) progress.end();
      tell(invocation, result);
      progress.show(++done);
      stop.throwIfAborted();
    }
  } catch (error) {
    progress.end();
    if (done > 0) out.complain(words.transfer.soFar(counts));
    if (!stop.aborted) throw translated(error);
    throw new CliFailure("interrupted", (words) => words.transfer.importInterrupted);
  }
  progress.end();
  const document = { dryRun: flags.dryRun, counts, problems: wrong.map(resultDocument) };
  const sentence = flags.dryRun
    ? words.transfer.wouldHave(counts)
    : out.done(words.transfer.imported(counts));
  if (!out.jsonl) out.answer(document, sentence);
  else out.say(sentence);
  if (counts.owners > 0) out.say(words.transfer.owners(counts.owners));
  if (counts.failed === 0) return;
  throw new CliFailure("rows_refused", (words) => words.transfer.refused(counts.failed), {
    isAnswered: true,
  });
}

/** A line for each that is wrong; with `--verbose` for all, with `--jsonl` a document for each. */
function tell({ out, words }: Invocation, result: ImportResult): void {
  if (out.jsonl) {
    out.jsonLine(resultDocument(result));
    return;
  }
  const { line, action, who, problem } = result;
  if (problem === null && !out.verbose) return;
  const name = who === null ? "" : ` ${printable(who)}`;
  const what = problem === null ? words.transfer.actions[action] : problemText(words.transfer, problem);
  if (problem === null) out.say(`${words.transfer.line(line)}${name}: ${what}`);
  else out.complain(`${words.transfer.line(line)}${name}: ${what}`);
}

function problemText(words: Invocation["words"]["transfer"], { code, about, guess }: RowProblem): string {
  const text = words.problems[code](printable(about ?? ""));
  return guess === undefined || guess === null ? text : `${text} ${words.didYouMean(guess)}`;
}

function resultDocument({ problem, ...rest }: ImportResult): object {
  return { ...rest, problem: problem?.code ?? null, about: problem?.about ?? null };
}

/** What a file is like is the person's to mend, and no defect. */
function translated(error: unknown): unknown {
  if (error instanceof TransferFailure) {
    const { problem, line, about, guess } = error;
    return new CliFailure(
      "file_unreadable",
      ({ transfer }) => {
        const text = `${transfer.line(line)}: ${transfer.fileProblems[problem](printable(about ?? ""))}`;
        return guess === null ? text : `${text} ${transfer.didYouMean(guess)}`;
      },
      { more: { line, problem, about, didYouMean: guess } },
    );
  }
  return error instanceof Error && "syscall" in error ? unusable(error) : error;
}

function unusable(error: unknown): CliFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return new CliFailure("file_unusable", (words) => words.transfer.fileUnusable(printable(reason)));
}
