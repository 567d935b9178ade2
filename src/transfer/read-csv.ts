import { nearest } from "../web/nearest.ts";
import { readCell } from "./csv-cell.ts";
import { CSV_COLUMNS } from "./csv-write.ts";
import { parseCsv } from "./parse-csv.ts";
import { readRecord } from "./read-record.ts";
import { TransferFailure } from "./transfer-failure.ts";
import type { RowProblem, TransferRow } from "./transfer-record.ts";

/** What files that people make by hand may have: one identity in columns of its own. */
const OWN_COLUMNS = ["provider", "issuer", "subject", "handle"] as const;
const COLUMNS: readonly string[] = [...CSV_COLUMNS, ...OWN_COLUMNS];

/** The rows of a CSV file, whose first line names the columns. @throws TransferFailure */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<TransferRow, void, undefined> {
  let columns: readonly string[] | null = null;
  for await (const { line, cells } of parseCsv(text)) {
    if (columns === null) columns = readHeader(cells, line);
    else if (cells.length === columns.length) yield { line, ...readRow(columns, cells) };
    else yield { line, problem: { code: "too_few_cells", about: `${cells.length}/${columns.length}` } };
  }
  if (columns === null) throw new TransferFailure("no_header", 1);
}

/** Names as they are written, or with spaces, hyphens and capitals: `Last sign-in at`. */
function readHeader(cells: readonly string[], line: number): readonly string[] {
  const columns = cells.map((cell) => {
    const column = COLUMNS.find((name) => plain(name) === plain(cell));
    if (column !== undefined) return column;
    throw new TransferFailure("column_unknown", line, cell, nearest(cell.trim(), COLUMNS));
  });
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) throw new TransferFailure("column_twice", line, twice);
  return columns;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}

function readRow(columns: readonly string[], cells: readonly string[]) {
  const given = new Map(columns.map((column, index) => [column, readCell(cells[index] ?? "")]));
  const text = (column: string) => given.get(column)?.trim() || null;
  const identities = identitiesOf(text);
  if (!Array.isArray(identities)) return { problem: identities };
  const list = (column: string) => (text(column) ?? "").split(/[\s,;]+/).filter((name) => name !== "");
  const roles = list("roles").map((role) => ({ role }));
  const name = given.get("name") || null;
  const [email, id] = [text("email"), text("id")];
  const who = text("who") ?? whoOf(text);
  if (identities.length === 0 && id === null && who !== null)
    return readRecord({ type: "waiting", who, roles, reason: text("reason") });
  return readRecord({
    type: "user",
    id,
    name,
    email,
    picture: text("picture"),
    status: text("status") ?? "active",
    createdAt: text("createdAt"),
    lastSignInAt: text("lastSignInAt"),
    identities,
    roles,
    derivedRoles: list("derivedRoles"),
  });
}

/** Without the issuer nobody can be told apart; then they are recognised when they come. */
function whoOf(text: (column: string) => string | null): string | null {
  const [provider, subject, email] = [text("provider"), text("subject"), text("email")];
  const name = subject ?? email;
  return provider === null || name === null ? name : `${provider}:${name}`;
}

function identitiesOf(text: (column: string) => string | null): unknown[] | RowProblem {
  const written = text("identities");
  if (written !== null) {
    try {
      const identities: unknown = JSON.parse(written);
      if (Array.isArray(identities)) return identities;
    } catch {
      // Told below.
    }
    return { code: "invalid", about: "identities" };
  }
  const [provider, issuer, subject] = [text("provider"), text("issuer"), text("subject")];
  if (provider === null || issuer === null || subject === null) return [];
  return [{ provider, issuer, subject, handle: text("handle"), email: text("email") }];
}
