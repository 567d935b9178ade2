/**
 * What a spreadsheet would take for a formula, apostrophes of ours before it or not: = + - @, also in full width and
 * behind spaces, and what it skips at the beginning. Such a cell gets an apostrophe, which is taken off again at reading,
 * so that every text comes back as it was.
 */
const FORMULA = /^'*(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u;

/** A cell as it is written (RFC 4180), harmless in a spreadsheet. */
export function writeCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The text that a cell stands for. */
export function readCell(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}
