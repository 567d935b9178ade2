import { readLines } from "./read-lines.ts";
import { readRecord } from "./read-record.ts";
import { TransferFailure } from "./transfer-failure.ts";
import type { TransferRow } from "./transfer-record.ts";

/** A person with fifty identities takes a tenth of it. */
const LONGEST_LINE = 1024 * 1024;

/**
 * The rows of a JSON Lines file. A file that begins as ours do must end as ours do, and hold as many records as it says.
 * @throws TransferFailure `version_unknown`, `ends_early`, `records_missing`
 */
export async function* readJsonl(text: AsyncIterable<string>): AsyncGenerator<TransferRow, void, undefined> {
  let isOurs = false;
  let hasEnded = false;
  let last = 1;
  let count = 0;
  for await (const { line, text: written } of readLines(text, LONGEST_LINE)) {
    last = line;
    if (written === null) {
      count++;
      yield { line, problem: { code: "too_long" } };
    } else if (written.trim() === "") continue;
    else {
      const value = parse(written);
      const type = typeOf(value);
      if (type === "postern-export") {
        if (!isKnownVersion(value)) throw new TransferFailure("version_unknown", line);
        isOurs = true;
        count = 0;
      } else if (type === "end") {
        hasEnded = true;
        const told = recordsOf(value);
        // More are nothing to worry about: somebody has added a line.
        if (isOurs && told > count) throw new TransferFailure("records_missing", line, `${count}/${told}`);
      } else {
        count++;
        if (value === undefined) yield { line, problem: { code: "not_json" } };
        else yield { line, ...readRecord(value) };
      }
    }
  }
  if (isOurs && !hasEnded) throw new TransferFailure("ends_early", last);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

function typeOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "type")
    ? Reflect.get(value, "type")
    : null;
}

function isKnownVersion(value: unknown): boolean {
  return Reflect.get(Object(value), "version") === 1;
}

/** What the last line says of how many there are; none where it does not tell. */
function recordsOf(value: unknown): number {
  const records: unknown = Reflect.get(Object(value), "records");
  return typeof records === "number" ? records : 0;
}
