import type { Changed } from "../model/signals.ts";

/** Where changes are told. `notify postern_changes` by hand tells of everything. */
export const CHANGES = "postern_changes";
/** Bytes; PostgreSQL takes less than 8,000. */
const LONGEST_NOTICE = 7_000;

/** The text of a notice: ids and blanks; empty = everything. */
export function toNotice(changed: Changed): string {
  const text = changed === null ? "" : changed.join(" ");
  return Buffer.byteLength(text) > LONGEST_NOTICE ? "" : text;
}

export function fromNotice(text: string): Changed {
  return text === "" ? null : text.split(" ");
}
