import { writeCell } from "./csv-cell.ts";
import { identityDocuments, time } from "./jsonl.ts";
import type { CarriedGrant, CarriedRole, CarriedUser, TransferRecord } from "./transfer-record.ts";

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

/** Whether CSV has a place for it: not for what roles are, nor for somebody of whom only roles with an end wait. */
export function isCsvRecord(record: TransferRecord): record is CarriedUser | CarriedGrant {
  return record.kind === "user" || (record.kind === "waiting" && record.roles.some(isForGood));
}

/** Told without its end, a role would come back for good. */
function isForGood({ expiresAt = null }: CarriedRole): boolean {
  return expiresAt === null;
}

/**
 * One line. What CSV cannot tell well (when each role was given, and roles that have an end) is left out: JSON Lines tells
 * everything.
 */
export function csvLine(record: CarriedUser | CarriedGrant): string {
  const cells = cellsOf(record);
  return `${CSV_COLUMNS.map((column) => writeCell(cells[column] ?? "")).join(",")}\r\n`;
}

function cellsOf(record: CarriedUser | CarriedGrant): Partial<Readonly<Record<Column, string>>> {
  const lasting = record.roles.filter(isForGood);
  const roles = lasting.map(({ role }) => role).join(" ");
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
