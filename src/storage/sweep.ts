import { type Kysely, type RawBuilder, sql } from "kysely";
import { idFloor } from "../crypto/random.ts";
import type { OldRows, SweptKind } from "../model/housekeeping.ts";
import type { EngineName, Schema } from "./schema.ts";

/** Where rows of a kind lie and how their time is known; each is found by an index that begins with `by`. */
interface Swept {
  readonly table: keyof Schema;
  readonly key: string;
  readonly by: string;
  /** What must be true besides. */
  readonly only?: (before: number) => RawBuilder<boolean>;
  /** Turns a moment into a value of `by`. Default the moment itself. */
  readonly bound?: (before: number) => string;
}

// THE TABLE. What is not in it is never swept away.
const SWEPT: Readonly<Record<SweptKind, Swept>> = {
  login_transactions: { table: "postern_login_transactions", key: "state_hash", by: "expires_at" },
  provider_sign_outs: { table: "postern_provider_sign_outs", key: "state_hash", by: "expires_at" },
  logout_notices: { table: "postern_logout_notices", key: "token_hash", by: "expires_at" },
  // Rows of one id end together, whichever instance wrote them.
  limit_counts: { table: "postern_limit_counts", key: "id", by: "expires_at" },
  sessions: { table: "postern_sessions", key: "id", by: "expires_at" },
  idle_sessions: { table: "postern_sessions", key: "id", by: "last_seen_at" },
  approved_requests: {
    table: "postern_access_requests",
    key: "id",
    by: "decided_at",
    only: () => sql<boolean>`status = 'approved' and entered_at is not null`,
  },
  declined_requests: {
    table: "postern_access_requests",
    key: "id",
    by: "decided_at",
    only: (before) =>
      sql<boolean>`status = 'declined' and (ask_again_at is null or ask_again_at < ${before})`,
  },
  invitations: { table: "postern_invitations", key: "id", by: "expires_at" },
  owner_links: {
    table: "postern_owner_links",
    key: "id",
    by: "expires_at",
    only: () => sql<boolean>`(break_glass = 0 or used_at is null or reviewed_at is not null)`,
  },
  finished_messages: { table: "postern_webhook_deliveries", key: "id", by: "finished_at" },
  unsent_messages: { table: "postern_webhook_deliveries", key: "id", by: "created_at" },
  // Their ids begin with the time: no index more, on the table that is written most.
  audit_events: {
    table: "postern_audit",
    key: "id",
    by: "id",
    bound: (before) => idFloor("aud_", Math.max(before, 0)),
  },
};

/** How many rows go at a time where others only want to write. */
const FEW = 50;

/**
 * Deletes some rows of a kind whose time was over before this moment, oldest first, so that a table never grows for ever
 * and nobody waits for it. Answers how many.
 */
export async function sweep(
  tx: Kysely<Schema>,
  engine: EngineName,
  kind: SweptKind,
  before: number,
  most = FEW,
): Promise<number> {
  const [from, key] = [sql.table(SWEPT[kind].table), sql.ref(SWEPT[kind].key)];
  // Two at once must not wait for each other over rubbish. SQLite has one writer anyway.
  const skipping = engine === "sqlite" ? sql`` : sql`for update skip locked`;
  const old = sql<{ readonly key: string }>`${oldRows(kind, before, most)} ${skipping}`;
  const keys = (await old.execute(tx)).rows.map((row) => row.key);
  if (keys.length === 0) return 0;
  const deleted = await sql`delete from ${from} where ${key} in (${sql.join(keys)})`.execute(tx);
  return Number(deleted.numAffectedRows ?? keys.length);
}

/** How many there are of one or the other kind, each row once. */
export async function countOld(db: Kysely<Schema>, old: readonly OldRows[], most: number): Promise<number> {
  if (old.length === 0) return 0;
  const each = old.map(
    ({ kind, before }, n) => sql`select * from (${oldRows(kind, before, most)}) as ${sql.ref(`old_${n}`)}`,
  );
  const counted = sql<{ readonly n: number | string }>`
    select count(*) as n from (${sql.join(each, sql` union `)}) as old_rows`;
  return Number((await counted.execute(db)).rows[0]?.n ?? 0);
}

/** The keys of the oldest; exported so that a test can ask each engine how it finds them. */
export function oldRows(kind: SweptKind, before: number, most: number): RawBuilder<unknown> {
  const { table, key, by, only, bound } = SWEPT[kind];
  const besides = only === undefined ? sql`` : sql`and ${only(before)}`;
  return sql`select ${sql.ref(key)} as ${sql.ref("key")} from ${sql.table(table)}
    where ${sql.ref(by)} < ${bound === undefined ? before : bound(before)} ${besides}
    order by ${sql.ref(by)} limit ${sql.lit(most)}`;
}
