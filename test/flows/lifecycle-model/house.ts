import { openRawDatabase, type RawDatabase } from "../../support/raw-database.ts";
import { openVerbRuntime, reconfigured, type VerbRuntime } from "../../support/verb-runtime.ts";

/** Everybody who ever comes; ada is in `owners`, dan is let in by a rule of the configuration, bo and cara by others. */
export const PEOPLE = ["ada", "bo", "cara", "dan"] as const;
export type Name = (typeof PEOPLE)[number];

/** Everybody has an account at both. */
export const PROVIDERS = ["rehearsal", "github"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** As it is, after somebody has taken ada out of `owners`, and after somebody has switched GitHub off. */
export const SETTINGS = ["usual", "unnamed", "closed"] as const;
export type Setting = (typeof SETTINGS)[number];

/** Roles of the database that come and go. */
export const STORED_ROLES = ["support", "night-shift"] as const;
export const PERMISSIONS = ["orders.read", "orders.refund"] as const;

/** A house on a real store, whose clock moves by hand; every script begins in an empty one. */
export interface House {
  readonly under: Readonly<Record<Setting, VerbRuntime>>;
  readonly raw: RawDatabase;
  /** The accounts that somebody has had, deleted ones included. */
  readonly accounts: ReadonlyMap<Name, string[]>;
  /** `usr_…` → SHA-256 of the secret of the last session that was opened. */
  readonly sessions: Map<string, string>;
  /** `inv_…` → SHA-256 of the token of its link. */
  readonly links: Map<string, string>;
  /** Milliseconds since the epoch; every look at it is a moment later. */
  now(): number;
  passTime(milliseconds: number): void;
  /** Nobody has ever been here. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function openHouse(database: string): Promise<House> {
  let clock = 1_800_000_000_000;
  const now = () => ++clock;
  const options = {
    owners: ["rehearsal:ada@demo.example"],
    access: [{ when: { email: "dan@demo.example" }, then: "allow" as const }],
    permissions: Object.fromEntries(PERMISSIONS.map((name) => [name, { title: name }])),
    requests: "open" as const,
  };
  const usual = await openVerbRuntime({ database, now, options });
  const raw = await openRawDatabase(database);
  const accounts = new Map<Name, string[]>(PEOPLE.map((name) => [name, []]));
  const sessions = new Map<string, string>();
  const links = new Map<string, string>();
  const providers = usual.settings.providers.filter(({ id }) => id !== "github");
  return {
    under: {
      usual,
      unnamed: reconfigured(usual, { owners: [] }),
      closed: reconfigured(usual, { providers }),
    },
    raw,
    accounts,
    sessions,
    links,
    now,
    passTime: (milliseconds) => {
      clock += milliseconds;
    },
    empty: async () => {
      for (const had of accounts.values()) had.length = 0;
      sessions.clear();
      links.clear();
      for (const table of KEPT) await raw.rows(`delete from ${table}`);
      // What was read of it is not what is there.
      await raw.rows("update postern_policy set version = version + 1");
    },
    close: async () => {
      await raw.close();
      await usual.store.close();
    },
  };
}

const KEPT = [
  "postern_users",
  "postern_deleted_users",
  "postern_pending_grants",
  "postern_invitations",
  "postern_access_requests",
  "postern_access_rules",
  "postern_roles",
  "postern_login_transactions",
  "postern_audit",
];
