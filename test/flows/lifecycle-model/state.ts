import { liveProviders } from "../../../src/access/last-owner.ts";
import type { AuditEvent } from "../../../src/model/audit-event.ts";
import { BUILT_IN_ROLES } from "../../../src/model/role.ts";
import type { House, Setting } from "./house.ts";

/** Everything that is kept, past everything of ours, in a form that can be compared. */
export interface State {
  /** Milliseconds since the epoch, after everything that happened. */
  readonly at: number;
  readonly usableOwners: number;
  /** `usr_…` → status */
  readonly users: ReadonlyMap<string, string>;
  /** `idn_…` → whose */
  readonly identities: ReadonlyMap<string, string>;
  readonly sessions: ReadonlyMap<string, SessionRow>;
  readonly grants: readonly GrantRow[];
  readonly deleted: ReadonlySet<string>;
  readonly pending: ReadonlyMap<string, { readonly role: string; readonly expiresAt: number | null }>;
  /** `inv_…` → what has become of it, and what it gives. */
  readonly invitations: ReadonlyMap<
    string,
    { readonly became: string; readonly roles: string; readonly expiresAt: number }
  >;
  readonly requests: ReadonlyMap<string, RequestRow>;
  /** Name → permissions */
  readonly roles: ReadonlyMap<string, string>;
  /** `rul_…` → whether it is switched on, and what it says. */
  readonly rules: ReadonlyMap<string, { readonly enabled: boolean; readonly rule: string }>;
  /** Newest first. */
  readonly events: readonly AuditEvent[];
}

export interface SessionRow {
  readonly userId: string;
  readonly identityId: string;
  /** The end that it always had; milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface GrantRow {
  readonly userId: string;
  readonly role: string;
  readonly source: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface RequestRow {
  readonly status: string;
  readonly role: string | null;
  readonly askAgainAt: number | null;
  readonly entered: boolean;
}

/** `known` is what was told before. */
export async function lookAt(house: House, setting: Setting, known: State["events"]): Promise<State> {
  const { under, raw, now } = house;
  const newest = await under[setting].store.audit.list({ limit: 100 });
  return {
    usableOwners: await countUsableOwners(house, setting),
    ...(await lookAtPeople(raw)),
    ...(await lookAtPromises(raw)),
    roles: await table(raw, "select name as id, permissions from postern_roles", (row) =>
      text(row.permissions),
    ),
    rules: await table(raw, "select id, enabled, rule from postern_access_rules", (row) => ({
      enabled: row.enabled === 1,
      rule: text(row.rule),
    })),
    events: [...newest.filter(({ id }) => !known.some((event) => event.id === id)), ...known],
    at: now(),
  };
}

/** Who can come in depends on which providers are configured. */
export function countUsableOwners({ under }: House, setting: Setting): Promise<number> {
  const { store, settings } = under[setting];
  return store.grants.countUsableHolders("owner", liveProviders(settings));
}

async function lookAtPeople(raw: House["raw"]) {
  const grants = await raw.rows("select user_id, role, source, created_at, expires_at from postern_grants");
  return {
    users: await table(raw, "select id, status from postern_users", ({ status }) => text(status)),
    identities: await table(raw, "select id, user_id from postern_identities", (row) => text(row.user_id)),
    sessions: await table(raw, "select * from postern_sessions", (row) => ({
      userId: text(row.user_id),
      identityId: text(row.identity_id),
      expiresAt: Number(row.expires_at),
    })),
    grants: grants.map((row) => ({
      userId: text(row.user_id),
      role: text(row.role),
      source: text(row.source),
      createdAt: Number(row.created_at),
      expiresAt: moment(row.expires_at),
    })),
    deleted: new Set((await table(raw, "select id from postern_deleted_users", () => null)).keys()),
  };
}

async function lookAtPromises(raw: House["raw"]) {
  return {
    pending: await table(raw, "select id, role, expires_at from postern_pending_grants", (row) => ({
      role: text(row.role),
      expiresAt: moment(row.expires_at),
    })),
    invitations: await table(raw, "select * from postern_invitations", (row) => ({
      became: row.accepted_at !== null ? "accepted" : row.revoked_at !== null ? "revoked" : "open",
      roles: text(row.roles),
      expiresAt: Number(row.expires_at),
    })),
    requests: await table(raw, "select * from postern_access_requests", (row) => ({
      status: text(row.status),
      role: row.role === null ? null : text(row.role),
      askAgainAt: moment(row.ask_again_at),
      entered: row.entered_at !== null,
    })),
  };
}

type Row = Readonly<Record<string, unknown>>;

/** By id. */
async function table<T>(
  raw: House["raw"],
  sql: string,
  read: (row: Row) => T,
): Promise<ReadonlyMap<string, T>> {
  return new Map((await raw.rows(sql)).map((row) => [text(row.id), read(row)]));
}

function text(value: unknown): string {
  return String(value);
}

function moment(value: unknown): number | null {
  return value === null ? null : Number(value);
}

/** What somebody holds at that moment. */
export function rolesAt({ grants, at }: Pick<State, "grants" | "at">, userId: string): readonly string[] {
  return grants.filter((grant) => grant.userId === userId && !isOver(grant, at)).map(({ role }) => role);
}

export function isOver({ expiresAt }: { readonly expiresAt: number | null }, at: number): boolean {
  return expiresAt !== null && expiresAt <= at;
}

/** The roles that there are. */
export function knownRoles({ roles }: Pick<State, "roles">): ReadonlySet<string> {
  return new Set([...BUILT_IN_ROLES, ...roles.keys()]);
}

/** What was told since, oldest first. */
export function toldSince(before: State, after: State): readonly AuditEvent[] {
  return after.events.slice(0, after.events.length - before.events.length).reverse();
}
