import { TransferFailure } from "./transfer-failure.ts";

/** One record of a CSV file: its cells, and the line that it begins on. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Characters of one record; more is an open quote that swallows the file. */
const LONGEST_RECORD = 1024 * 1024;

/**
 * RFC 4180, with CRLF, LF or CR between records, and commas, semicolons or tabs between cells: whichever the first line
 * holds. Cells in quotes may hold all of them. @throws TransferFailure `too_long`, `quote_open`, `nul`
 */
export async function* parseCsv(text: AsyncIterable<string>): AsyncGenerator<CsvRecord, void, undefined> {
  const parser = createParser();
  for await (const piece of text) yield* parser.take(piece);
  yield* parser.end();
}

function createParser() {
  let delimiter: string | null = null;
  let cells: string[] = [];
  let cell = "";
  let size = 0;
  let line = 1;
  let startLine = 1;
  /** Inside quotes; behind a quote inside quotes, which ends them unless another follows; outside. */
  let state: "outside" | "inside" | "quote" = "outside";
  let afterCr = false;
  let isFirst = true;

  const endCell = () => {
    cells.push(cell);
    cell = "";
  };
  const endRecord = (): CsvRecord | null => {
    endCell();
    const record = { line: startLine, cells };
    cells = [];
    size = 0;
    startLine = line;
    return record.cells.length === 1 && record.cells[0] === "" ? null : record;
  };

  function* take(piece: string): Generator<CsvRecord> {
    // Only a first line that is whole tells which character it uses; pieces are far longer than that.
    if (piece !== "") delimiter ??= delimiterOf(piece);
    for (const character of piece) {
      if (isFirst && character === "\uFEFF") continue;
      isFirst = false;
      if (character === "\0") throw new TransferFailure("nul", line);
      if (++size > LONGEST_RECORD) throw new TransferFailure("too_long", startLine);
      const isLineFeedOfCr = afterCr && character === "\n";
      afterCr = character === "\r";
      if (character === "\n" ? !isLineFeedOfCr : character === "\r") line++;
      if (state === "inside") {
        if (character === '"') state = "quote";
        else cell += character;
        continue;
      }
      if (state === "quote") {
        state = character === '"' ? "inside" : "outside";
        if (character === '"') {
          cell += character;
          continue;
        }
      }
      if (character === '"' && cell === "") state = "inside";
      else if (character === delimiter) endCell();
      else if (isLineFeedOfCr) startLine = line;
      else if (character === "\n" || character === "\r") {
        const record = endRecord();
        if (record !== null) yield record;
      } else cell += character;
    }
  }

  function* end(): Generator<CsvRecord> {
    if (state === "inside") throw new TransferFailure("quote_open", startLine);
    const record = endRecord();
    if (record !== null) yield record;
  }
  return { take, end };
}

function delimiterOf(piece: string): string {
  const [first = ""] = piece.split(/[\r\n]/, 1);
  const counted = [",", ";", "\t"].map((one) => ({ one, count: first.split(one).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).one;
}
