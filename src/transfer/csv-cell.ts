/**
 * Where a spreadsheet would take what follows for a formula, apostrophes of ours before it or not: = + - @, also in full
 * width and behind spaces and quotes, and what it skips at the beginning. A cell begins behind a semicolon and a line break
 * as well, inside of quotes too, for a program whose lists are separated by semicolons: our quotes stand in the middle of its
 * cell then. There an apostrophe is put, which is taken off again at reading, so that every text comes back as it was.
 */
const BEGINS = String.raw`(?<=^|[;\t\r\n])`;
/** Up to the first that tells, so that a long text takes no longer for each of its lines. */
const FORMULA = String.raw`(?=['"\s]*?[\t\r\n=+\-@＝＋－＠])`;
const HARMFUL = new RegExp(BEGINS + FORMULA, "gu");
const MADE_HARMLESS = new RegExp(`${BEGINS}'${FORMULA}`, "gu");

/** A cell as it is written (RFC 4180), harmless in a spreadsheet. */
export function writeCell(text: string): string {
  const harmless = text.replace(HARMFUL, "'");
  return /[",;\t\r\n]|^\s|\s$/u.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** The text that a cell stands for. */
export function readCell(cell: string): string {
  return cell.replace(MADE_HARMLESS, "");
}
