import { csvHeader, csvLine, isCsvRecord } from "../../transfer/csv-write.ts";
import { EXPORT_PARTS, type ExportPart } from "../../transfer/export-people.ts";
import { jsonlEnd, jsonlHeader, jsonlLine } from "../../transfer/jsonl.ts";
import { TRANSFER_FORMATS, type TransferFormat } from "../../transfer/read-transfer.ts";
import { actor } from "../actor.ts";
import { CliFailure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { createPrivateFile } from "../private-file.ts";
import { startProgress } from "../progress.ts";
import { readOneOf, readSomeOf } from "../read-choice.ts";
import { type Office, withPostern } from "../with-postern.ts";

/** Where an export goes. */
interface Target {
  write(text: string): Promise<void>;
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/** `postern export`: everybody with identities and roles, as JSON Lines or CSV. */
export async function run(invocation: Invocation): Promise<void> {
  const { flags, out, words } = invocation;
  const format = readOneOf("format", flags.format ?? "jsonl", TRANSFER_FORMATS);
  const include = readSomeOf("include", flags.include, EXPORT_PARTS);
  await withPostern(invocation, async (office) => {
    const file = flags.output;
    const target: Target =
      file === undefined
        ? { write: (text) => out.stream(text), finish: async () => {}, discard: async () => {} }
        : await createPrivateFile(file, flags.yes);
    let count = 0;
    try {
      count = await write(invocation, office, { format, include, target });
      await target.finish();
    } catch (error) {
      await target.discard();
      throw error;
    }
    out.say(out.done(words.transfer.exported(count, file ?? null)));
    if (format === "csv") out.say(words.transfer.csvLeavesOut);
  });
}

interface Wish {
  readonly format: TransferFormat;
  readonly include: readonly ExportPart[];
  readonly target: Target;
}

/** Answers how many records it wrote. @throws CliFailure `interrupted` */
async function write(
  invocation: Invocation,
  { door }: Office,
  { format, include, target }: Wish,
): Promise<number> {
  const { stop, flags } = invocation;
  const progress = startProgress(invocation, await door.users.count());
  let count = 0;
  try {
    await target.write(format === "csv" ? csvHeader() : jsonlHeader(Date.now(), include));
    for await (const record of door.transfer.export({ include }, actor(), flags.reason)) {
      stop.throwIfAborted();
      if (format === "jsonl") await target.write(jsonlLine(record));
      else if (isCsvRecord(record)) await target.write(csvLine(record));
      else continue;
      progress.show(++count);
    }
    if (format === "jsonl") await target.write(jsonlEnd(count));
    return count;
  } catch (error) {
    if (!stop.aborted) throw error;
    throw new CliFailure("interrupted", (words) => words.transfer.exportInterrupted);
  } finally {
    progress.end();
  }
}
