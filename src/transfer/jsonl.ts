import type { TransferRecord } from "./transfer-record.ts";

/** What a file of ours is and what it holds; a reader of a later version knows what to expect. */
export interface ExportHeader {
  readonly type: "postern-export";
  readonly version: 1;
  readonly exportedAt: string;
  readonly include: readonly string[];
}

/** The first line. `now` in milliseconds since the epoch. */
export function jsonlHeader(now: number, include: readonly string[]): string {
  const header: ExportHeader = { type: "postern-export", version: 1, exportedAt: time(now) ?? "", include };
  return `${JSON.stringify(header)}\n`;
}

/** The last line: without it a file ends too early. */
export function jsonlEnd(records: number): string {
  return `${JSON.stringify({ type: "end", records })}\n`;
}

/** One record on a line. Times are RFC 3339 in UTC. */
export function jsonlLine(record: TransferRecord): string {
  return `${JSON.stringify(document(record))}\n`;
}

function document(record: TransferRecord): object {
  if (record.kind === "role") {
    const { kind: type, name, title, permissions, createdAt } = record;
    return { type, name, title, permissions, createdAt: time(createdAt) };
  }
  const roles = record.roles.map(({ role, createdAt, expiresAt = null, reason = null }) => ({
    ...{ role, createdAt: time(createdAt) },
    ...(expiresAt !== null && { expiresAt: time(expiresAt) }),
    ...(reason !== null && { reason }),
  }));
  if (record.kind === "waiting") {
    return { type: "waiting", who: record.who, roles, reason: record.reason };
  }
  const { kind: type, id, name, email, picture, status, createdAt, lastSignInAt, derivedRoles } = record;
  return {
    type,
    id,
    name,
    email,
    picture,
    status,
    createdAt: time(createdAt),
    lastSignInAt: time(lastSignInAt),
    identities: identityDocuments(record),
    roles,
    derivedRoles,
  };
}

/** The identities of a person as JSON tells them; a cell of a CSV file holds the same. */
export function identityDocuments({ identities }: Extract<TransferRecord, { kind: "user" }>): object[] {
  return identities.map(({ createdAt, lastUsedAt, ...rest }) => ({
    ...rest,
    createdAt: time(createdAt),
    lastUsedAt: time(lastUsedAt),
  }));
}

/** RFC 3339 in UTC. */
export function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
