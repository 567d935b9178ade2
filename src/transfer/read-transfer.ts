import { decodeText, type Encoding } from "./decode-text.ts";
import { readCsv } from "./read-csv.ts";
import { readJsonl } from "./read-jsonl.ts";
import type { TransferRow } from "./transfer-record.ts";

export const TRANSFER_FORMATS = ["jsonl", "csv"] as const;
export type TransferFormat = (typeof TRANSFER_FORMATS)[number];

/** A file that can be read row by row, and what it turned out to be. */
export interface OpenedTransfer {
  readonly encoding: Encoding;
  readonly format: TransferFormat;
  /** @throws TransferFailure */
  readonly rows: AsyncGenerator<TransferRow, void, undefined>;
}

/** Opens a file: tells its encoding and format unless they are given. @throws TransferFailure */
export async function openTransfer(
  bytes: AsyncIterable<Uint8Array>,
  { format, encoding }: { readonly format: TransferFormat | null; readonly encoding: Encoding | null },
): Promise<OpenedTransfer> {
  const decoded = await decodeText(bytes, encoding);
  const first = await decoded.text.next();
  const start = first.done === true ? "" : first.value;
  const text = withFirst(start, decoded.text);
  const actual = format ?? (/^\uFEFF?\s*\{/.test(start) ? "jsonl" : "csv");
  return {
    encoding: decoded.encoding,
    format: actual,
    rows: actual === "jsonl" ? readJsonl(text) : readCsv(text),
  };
}

async function* withFirst(
  first: string,
  rest: AsyncGenerator<string, void, undefined>,
): AsyncGenerator<string, void, undefined> {
  yield first;
  yield* rest;
}
