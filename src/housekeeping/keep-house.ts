import { hostname } from "node:os";
import { requireAdministrator } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import { randomToken } from "../crypto/random.ts";
import type { OldRows } from "../model/housekeeping.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { createPace } from "./pace.ts";
import { HOUSEKEEPING_KINDS, type HousekeepingKind, type Sweep, TASKS } from "./tasks.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now">;

/** How many have left, or would leave, of each kind. */
export type HousekeepingReport = Readonly<Record<HousekeepingKind, number>>;

export interface KeepHouseInput {
  /** As the audit log names whoever does it. */
  readonly actor: string;
  /** Waits so many milliseconds; answers false when it is time to stop. */
  readonly pause: (milliseconds: number) => Promise<boolean>;
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
    for (const task of TASKS) {
      if (!(await finish(runtime, input, owner, task, removed))) break;
    }
    await tellOfRemovedEvents(runtime, input.actor, owner);
  } finally {
    await store.transaction((tx) => tx.housekeeping.release(owner));
  }
  return removed;
}

/** What would leave now; changes nothing. @throws PosternError `store_unavailable` */
export async function foreseeHousekeeping({ settings, store, now }: Uses): Promise<HousekeepingReport> {
  const report = nothing();
  const old = new Map<HousekeepingKind, OldRows[]>();
  for (const task of TASKS) {
    if ("count" in task) report[task.kind] = await task.count(store, now());
    else {
      const before = await momentOf({ settings, store, now }, task);
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
  owner: string,
  task: (typeof TASKS)[number],
  removed: Record<HousekeepingKind, number>,
): Promise<boolean> {
  const before = "rows" in task ? await momentOf(runtime, task) : 0;
  if (before === null) return true;
  const pace = createPace();
  for (;;) {
    const { rows } = pace;
    let began = performance.now();
    const count = await runtime.store.transaction(async (tx) => {
      // Not before: to have waited for others is not to have kept them waiting.
      began = performance.now();
      if (!(await tx.housekeeping.hold(owner, LEASE))) return null;
      return "rows" in task ? sweepSome(tx, task, before, rows) : task.end(tx, runtime.now(), actor, rows);
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
 * Before which moment rows of a task must have had their time; `null` = they are kept for ever. Events never by a clock
 * that runs more than a day ahead of the last of them: a wrong one must not cost the whole log.
 */
async function momentOf({ settings, store, now }: Uses, { rows, before }: Sweep): Promise<number | null> {
  const moment = now();
  if (rows !== "audit_events") return before(settings, moment);
  const [latest] = await store.audit.list({ limit: 1 });
  return latest === undefined ? null : before(settings, Math.min(moment, latest.at + DAY));
}

/** One event for all that have been removed since the last such event; none when there were none. */
function tellOfRemovedEvents({ settings, store, now }: Uses, actor: string, owner: string): Promise<void> {
  return store.transaction(async (tx) => {
    if (!(await tx.housekeeping.hold(owner, LEASE))) return;
    const removed = await tx.housekeeping.takeRemoved();
    if (removed === 0) return;
    const { audit } = settings.retention;
    const detail = { removed, ...(audit !== null && { until: new Date(now() - audit).toISOString() }) };
    await tx.audit.insert(newEvent(now(), { action: "audit.pruned", actor, detail }));
  });
}
