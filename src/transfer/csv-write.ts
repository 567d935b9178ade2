import { writeCell } from "./csv-cell.ts";
import { identityDocuments, time } from "./jsonl.ts";
import type { TransferRecord } from "./transfer-record.ts";

/** The columns of our CSV files; one line for each person, and one for each role that waits for somebody. */
export const CSV_COLUMNS = [
  "id",
  "who",
  "name",
  "email",
  "picture",
  "status",
  "createdAt",
  "lastSignInAt",
  "roles",
  "derivedRoles",
  "reason",
  "identities",
] as const;
type Column = (typeof CSV_COLUMNS)[number];

/** The byte order mark, without which Excel takes UTF-8 for something else, and the names of the columns. */
export function csvHeader(): string {
  return `\uFEFF${CSV_COLUMNS.join(",")}\r\n`;
}

/** One line. What CSV cannot tell well (when each role was given) is left out: JSON Lines tells everything. */
export function csvLine(record: TransferRecord): string {
  const cells = cellsOf(record);
  return `${CSV_COLUMNS.map((column) => writeCell(cells[column] ?? "")).join(",")}\r\n`;
}

function cellsOf(record: TransferRecord): Partial<Readonly<Record<Column, string>>> {
  const roles = record.roles.map(({ role }) => role).join(" ");
  if (record.kind === "waiting") return { who: record.who, roles, reason: record.reason ?? "" };
  const { id, name, email, picture, status, createdAt, lastSignInAt, derivedRoles, identities } = record;
  return {
    id: id ?? "",
    name: name ?? "",
    email: email ?? "",
    picture: picture ?? "",
    status,
    createdAt: time(createdAt) ?? "",
    lastSignInAt: time(lastSignInAt) ?? "",
    roles,
    derivedRoles: derivedRoles.join(" "),
    identities: identities.length === 0 ? "" : JSON.stringify(identityDocuments(record)),
  };
}
