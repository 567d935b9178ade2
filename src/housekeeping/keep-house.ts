import { hostname } from "node:os";
import { requireAdministrator } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import { randomToken } from "../crypto/random.ts";
import type { OldRows } from "../model/housekeeping.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { createPace } from "./pace.ts";
import { HOUSEKEEPING_KINDS, type HousekeepingKind, type Moments, type Sweep, TASKS } from "./tasks.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now">;

/** How many have left, or would leave, of each kind. */
export type HousekeepingReport = Readonly<Record<HousekeepingKind, number>>;

export interface KeepHouseInput {
  /** As the audit log names whoever does it. */
  readonly actor: string;
  /** Waits so many milliseconds; answers false when it is time to stop. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
}

interface Run extends Pick<Moments, "trusted"> {
  readonly owner: string;
}

/** How long the right to keep house outlives its last use, in milliseconds: longer than any pause. */
const LEASE = 60_000;
/** How many of each kind are counted beforehand: whoever looks need not know more, nor wait for it. */
const MOST_FORESEEN = 1_000_000;
const DAY = 24 * 60 * 60 * 1_000;

/**
 * Removes everything that has had its time: some rows in a transaction, a pause, the next rows. One instance at a time;
 * `null` = another one is at it. May stop anywhere, and is simply gone on with the next time.
 * @throws PosternError `permission_denied` to a user who is no administrator, `store_unavailable`
 */
export async function keepHouse(runtime: Uses, input: KeepHouseInput): Promise<HousekeepingReport | null> {
  const { store } = runtime;
  const owner = `${hostname()}:${process.pid}:${randomToken(6)}`;
  const isOurs = await store.transaction(async (tx) => {
    await requireAdministrator(tx, input.actor);
    return tx.housekeeping.hold(owner, LEASE);
  });
  if (!isOurs) return null;
  const removed = nothing();
  try {
    const { noted, trusted } = await trustedMoment(runtime);
    // Before anything is written: events of a wrong clock must not vouch for it.
    await store.transaction((tx) => tx.housekeeping.noteMoment(noted));
    for (const task of TASKS) {
      if (!(await finish(runtime, input, { owner, trusted }, task, removed))) break;
    }
    await tellOfRemovedEvents(runtime, input.actor, { owner, trusted });
  } finally {
    await store.transaction((tx) => tx.housekeeping.release(owner));
  }
  return removed;
}

/** What would leave now; changes nothing. @throws PosternError `store_unavailable` */
export async function foreseeHousekeeping({ settings, store, now }: Uses): Promise<HousekeepingReport> {
  const report = nothing();
  const old = new Map<HousekeepingKind, OldRows[]>();
  const moments = { now: now(), trusted: (await trustedMoment({ store, now })).trusted };
  for (const task of TASKS) {
    if ("count" in task) report[task.kind] = await task.count(store, moments);
    else {
      const before = task.before(settings, moments);
      if (before !== null) old.set(task.kind, [...(old.get(task.kind) ?? []), { kind: task.rows, before }]);
    }
  }
  // Together: a row that has had its time twice leaves once.
  for (const [kind, rows] of old) report[kind] = await store.housekeeping.count(rows, MOST_FORESEEN);
  return report;
}

function nothing(): Record<HousekeepingKind, number> {
  return Object.fromEntries(HOUSEKEEPING_KINDS.map((kind) => [kind, 0])) as Record<HousekeepingKind, number>;
}

/** Answers false when it is time to stop. */
async function finish(
  runtime: Uses,
  { actor, pause }: KeepHouseInput,
  { owner, trusted }: Run,
  task: (typeof TASKS)[number],
  removed: Record<HousekeepingKind, number>,
): Promise<boolean> {
  const moments = (): Moments => ({ now: runtime.now(), trusted });
  const before = "rows" in task ? task.before(runtime.settings, moments()) : 0;
  if (before === null) return true;
  const pace = createPace();
  for (;;) {
    const { rows } = pace;
    let began = performance.now();
    const count = await runtime.store.transaction(async (tx) => {
      // Not before: to have waited for others is not to have kept them waiting.
      began = performance.now();
      if (!(await tx.housekeeping.hold(owner, LEASE))) return null;
      return "rows" in task ? sweepSome(tx, task, before, rows) : task.end(tx, moments(), actor, rows);
    });
    if (count === null) return false;
    removed[task.kind] += count;
    if (!(await pause(pace.took(performance.now() - began)))) return false;
    if (count < rows) return true;
  }
}

async function sweepSome(
  tx: StoreTransaction,
  { rows }: Sweep,
  before: number,
  most: number,
): Promise<number> {
  const count = await tx.housekeeping.remove({ kind: rows, before }, most);
  // So that the event at the end tells of all, also when somebody else has to write it.
  if (rows === "audit_events" && count > 0) await tx.housekeeping.noteRemoved(count);
  return count;
}

/**
 * Now, but never more than a day after what the last run went by, or, where there was none, after the latest event: a clock
 * that is years ahead must not cost the audit log, nor people who can still be restored. It costs a day of them at each
 * run; and one that is behind takes back no more than a day, or it would take years to catch up.
 */
async function trustedMoment({
  store,
  now,
}: Pick<Uses, "store" | "now">): Promise<{ readonly noted: number; readonly trusted: number }> {
  const moment = now();
  const last = (await store.housekeeping.lastMoment()) ?? (await store.audit.list({ limit: 1 }))[0]?.at;
  const noted = last === undefined ? moment : Math.min(Math.max(moment, last - DAY), last + DAY);
  return { noted, trusted: Math.min(moment, noted) };
}

/** One event for all that have been removed since the last such event; none when there were none. */
function tellOfRemovedEvents(
  { settings, store, now }: Uses,
  actor: string,
  { owner, trusted }: Run,
): Promise<void> {
  return store.transaction(async (tx) => {
    if (!(await tx.housekeeping.hold(owner, LEASE))) return;
    const removed = await tx.housekeeping.takeRemoved();
    if (removed === 0) return;
    const { audit } = settings.retention;
    const detail = { removed, ...(audit !== null && { until: new Date(trusted - audit).toISOString() }) };
    await tx.audit.insert(newEvent(now(), { action: "audit.pruned", actor, detail }));
  });
}
