import { TransferFailure } from "./transfer-failure.ts";

/** Encodings that spreadsheets write. */
export const ENCODINGS = ["utf-8", "gb18030", "utf-16le", "utf-16be"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** As much is looked at before the encoding is told. */
const LOOKED_AT = 1024 * 1024;

/** A text and what it was written in. */
export interface DecodedText {
  readonly encoding: Encoding;
  /** Piece by piece. @throws TransferFailure `encoding_invalid` */
  readonly text: AsyncGenerator<string, void, undefined>;
}

/**
 * Tells the encoding from the first bytes (a byte order mark, UTF-16 without one, UTF-8, GB18030) unless it is given,
 * and decodes strictly: what is not valid is never replaced by something else.
 * @throws TransferFailure `encoding_unknown`
 */
export async function decodeText(
  chunks: AsyncIterable<Uint8Array>,
  given: Encoding | null = null,
): Promise<DecodedText> {
  const source = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let size = 0;
  let isWhole = false;
  while (size < LOOKED_AT && !isWhole) {
    const next = await source.next();
    if (next.done === true) isWhole = true;
    else {
      first.push(next.value);
      size += next.value.byteLength;
    }
  }
  const encoding = given ?? guessEncoding(Buffer.concat(first), isWhole);
  if (encoding === null) throw new TransferFailure("encoding_unknown", 1);
  return { encoding, text: decoded(first, source, encoding) };
}

function guessEncoding(bytes: Buffer, isWhole: boolean): Encoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  // Names of columns and JSON begin with ASCII, of which every other byte is zero then.
  if (bytes.byteLength >= 4 && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0) return "utf-16le";
  if (bytes.byteLength >= 4 && bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0) return "utf-16be";
  return (["utf-8", "gb18030"] as const).find((encoding) => isValid(bytes, encoding, isWhole)) ?? null;
}

function isValid(bytes: Buffer, encoding: Encoding, isWhole: boolean): boolean {
  try {
    // A character that the end cuts in two is none of its faults.
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}

async function* decoded(
  first: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (bytes: Uint8Array | undefined, stream: boolean): string => {
    try {
      const text = decoder.decode(bytes, { stream });
      for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) line++;
      return text;
    } catch {
      throw new TransferFailure("encoding_invalid", line, encoding);
    }
  };
  try {
    for (const chunk of first) yield decode(chunk, true);
    for (let next = await rest.next(); next.done !== true; next = await rest.next())
      yield decode(next.value, true);
    yield decode(undefined, false);
  } finally {
    await rest.return?.();
  }
}
