import { printable } from "./printable.ts";
import { clip, pad, textWidth } from "./text-width.ts";

/** A table as a terminal shows it, each row a line; `columns` = how wide the terminal is. Wide cells are cut first. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): readonly string[] {
  const lines = [headings, ...rows].map((row) => row.map(printable));
  const widths = fitted(
    headings.map((_, index) => Math.max(...lines.map((line) => textWidth(line[index] ?? "")))),
    columns - GAP.length * (headings.length - 1),
  );
  return lines.map((line) =>
    widths
      .map((width, index) => pad(clip(line[index] ?? "", width), width))
      .join(GAP)
      .trimEnd(),
  );
}

/** The same for programs: tabs between the cells, and no headings. */
export function tabSeparated(rows: readonly (readonly string[])[]): readonly string[] {
  return rows.map((row) => row.map(printable).join("\t"));
}

const GAP = "  ";
/** No column is cut below this. */
const NARROWEST = 8;

/** Takes a column from the widest until all fit or none can give any more. */
function fitted(wanted: readonly number[], columns: number): readonly number[] {
  const widths = [...wanted];
  let tooMuch = widths.reduce((sum, width) => sum + width, 0) - columns;
  while (tooMuch > 0) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    const index = widths.lastIndexOf(widest);
    widths[index] = widest - 1;
    tooMuch--;
  }
  return widths;
}
