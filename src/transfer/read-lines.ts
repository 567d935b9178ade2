/** One line without its end, or `null` where it is longer than can be taken. */
export interface TextLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string | null;
}

/** Lines ended by LF or CRLF. What is longer than `longest` characters is skipped, and never held in memory. */
export async function* readLines(
  text: AsyncIterable<string>,
  longest: number,
): AsyncGenerator<TextLine, void, undefined> {
  let line = 1;
  let kept = "";
  let isTooLong = false;
  for await (const piece of text) {
    let from = 0;
    for (let end = piece.indexOf("\n"); end !== -1; end = piece.indexOf("\n", from)) {
      kept = isTooLong ? "" : kept + piece.slice(from, end);
      yield { line, text: isTooLong || kept.length > longest ? null : kept.replace(/\r$/, "") };
      line++;
      kept = "";
      isTooLong = false;
      from = end + 1;
    }
    if (!isTooLong) kept += piece.slice(from);
    isTooLong ||= kept.length > longest;
    if (isTooLong) kept = "";
  }
  if (isTooLong) yield { line, text: null };
  else if (kept !== "") yield { line, text: kept };
}
