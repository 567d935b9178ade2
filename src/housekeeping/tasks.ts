import { endSomeExpiredGrants } from "../access/end-expired-grants.ts";
import { RESTORABLE_FOR } from "../model/deleted-user.ts";
import type { SweptKind } from "../model/housekeeping.ts";
import type { Store, StoreTransaction } from "../model/store.ts";
import type { Settings } from "../options.ts";
import { purgeSome } from "../users/purge-deleted-users.ts";

/** What leaves, as it is reported. */
export const HOUSEKEEPING_KINDS = [
  "sessions",
  "loginTransactions",
  "providerSignOuts",
  "logoutNotices",
  "limitCounts",
  "expiredRoles",
  "deletedUsers",
  "accessRequests",
  "invitations",
  "ownerLinks",
  "webhookMessages",
  "auditEvents",
] as const;
export type HousekeepingKind = (typeof HOUSEKEEPING_KINDS)[number];

/** Milliseconds since the epoch. */
export interface Moments {
  readonly now: number;
  /** Not later, and not by a clock that may have gone wrong: for what nobody can bring back. */
  readonly trusted: number;
}

/** Rows that leave without a word: nobody could see them any more, or they only told of the past. */
export interface Sweep {
  readonly kind: HousekeepingKind;
  readonly rows: SweptKind;
  /** Before which moment their time must have been over; `null` = they are kept for ever. */
  readonly before: (settings: Uses, moments: Moments) => number | null;
}

/** What leaves with an event for each. */
export interface Ending {
  readonly kind: HousekeepingKind;
  readonly end: (tx: StoreTransaction, moments: Moments, actor: string, most: number) => Promise<number>;
  readonly count: (store: Pick<Store, "grants" | "deletedUsers">, moments: Moments) => Promise<number>;
}

type Uses = Pick<Settings, "session" | "retention">;

const HOUR = 60 * 60 * 1_000;
const DAY = 24 * HOUR;

/** Milliseconds that a spent transaction is remembered after its end, so that no skewed clock can bring it back. */
const SPENT_FOR = DAY;
/** The last visit of a session is written late, and later while the database is away. */
const LATE_VISITS = HOUR;
/** How much longer than a message that has arrived one is kept that waits for an endpoint which nobody names any more. */
const UNSENT_FOR = 15 * DAY;

const now = (_: Uses, moments: Moments): number => moments.now;
const after =
  (name: keyof Settings["retention"], more = 0, by: keyof Moments = "now") =>
  ({ retention }: Uses, moments: Moments): number | null => {
    const kept = retention[name];
    return kept === null ? null : moments[by] - kept - more;
  };
const forgotten = ({ trusted }: Moments): number => trusted - RESTORABLE_FOR;

/** THE TABLE. */
export const TASKS: readonly (Sweep | Ending)[] = [
  { kind: "sessions", rows: "sessions", before: now },
  {
    kind: "sessions",
    rows: "idle_sessions",
    before: ({ session }, moments) => moments.now - session.idle - LATE_VISITS,
  },
  { kind: "loginTransactions", rows: "login_transactions", before: (_, moments) => moments.now - SPENT_FOR },
  { kind: "providerSignOuts", rows: "provider_sign_outs", before: now },
  { kind: "logoutNotices", rows: "logout_notices", before: now },
  { kind: "limitCounts", rows: "limit_counts", before: now },
  {
    kind: "expiredRoles",
    end: (tx, moments, _, most) => endSomeExpiredGrants(tx, moments.now, most),
    count: ({ grants }) => grants.countExpired(),
  },
  {
    kind: "deletedUsers",
    end: (tx, moments, actor, most) =>
      purgeSome(tx, { now: moments.now, until: forgotten(moments) }, actor, most),
    count: async ({ deletedUsers }, moments) =>
      (await deletedUsers.deletedUntil(forgotten(moments), Number.MAX_SAFE_INTEGER)).length,
  },
  { kind: "accessRequests", rows: "approved_requests", before: after("requests") },
  { kind: "accessRequests", rows: "declined_requests", before: after("requests") },
  { kind: "invitations", rows: "invitations", before: after("invitations") },
  { kind: "ownerLinks", rows: "owner_links", before: after("invitations") },
  { kind: "webhookMessages", rows: "finished_messages", before: after("messages") },
  { kind: "webhookMessages", rows: "unsent_messages", before: after("messages", UNSENT_FOR) },
  { kind: "auditEvents", rows: "audit_events", before: after("audit", 0, "trusted") },
];
