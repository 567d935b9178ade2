import { sha256 } from "../crypto/hash.ts";
import { randomToken } from "../crypto/random.ts";
import type { LimitCount } from "../model/limit-count.ts";
import { LIMITS, type LimitName } from "../model/limit-settings.ts";
import type { Log } from "../model/log.ts";
import type { SharedCounter } from "../model/shared-memory.ts";
import type { Store } from "../model/store.ts";
import type { Counts } from "./counts.ts";
import type { SlidingCount } from "./sliding-count.ts";

/** Adds up with the other instances what this one has counted. */
export interface Sharing {
  /** This count is to be told soon. */
  soon(name: LimitName, key: string): void;
  /** Tells now, and hears. Never rejects: without the others, everybody goes by their own count. */
  share(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds until a count is told: so long an address may go on at another instance. */
const SOON = 1_000;
/** How many are told in one transaction. */
const BATCH = 100;
/** How many wait to be told; more are dropped: an attack must not become one on the database. */
const MOST_WAITING = 1_000;

interface Told {
  readonly count: SlidingCount;
  /** Which span of time it was told of. */
  readonly span: number;
  readonly row: LimitCount;
  /** Milliseconds for which the others have use for it. */
  readonly lifetime: number;
}

/** Shares counts by Redis, or else by the store, in batches, and only when there is something to tell. */
export function createSharing(
  store: Pick<Store, "transaction" | "sharedMemory">,
  counts: Counts,
  log: Log,
): Sharing {
  // Each instance has rows of its own: one that could not tell, or tells twice, is never counted double.
  const instance = randomToken(12);
  const waiting = new Map<string, { readonly name: LimitName; readonly key: string }>();
  let timer: NodeJS.Timeout | null = null;
  let going: Promise<void> | null = null;
  let closed = false;
  let isFailing = false;

  function soon(name: LimitName, key: string): void {
    if (closed || waiting.size >= MOST_WAITING) return;
    waiting.set(`${name} ${key}`, { name, key });
    timer ??= setTimeout(() => void share(), SOON).unref();
  }

  async function tell(): Promise<void> {
    const batch = [...waiting].slice(0, BATCH);
    for (const [id] of batch) waiting.delete(id);
    const told = batch.flatMap(([, { name, key }]) => rowOf(counts, name, key) ?? []);
    const left = await withoutThoseHeard(store.sharedMemory?.counter ?? null, instance, told);
    if (left.length === 0) return;
    try {
      const rows = left.map(({ row }) => row);
      const elsewhere = await store.transaction((tx) => tx.limitCounts.put(instance, rows));
      for (const one of left) hear(one, elsewhere.get(one.row.id) ?? 0);
      isFailing = false;
    } catch (error) {
      // Once: it may go on for hours.
      if (!isFailing) log.warn({ err: error }, "limits count by themselves: they could not be shared");
      isFailing = true;
    }
  }

  function share(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    going ??= tell().finally(() => {
      going = null;
      if (waiting.size > 0 && !closed) timer ??= setTimeout(() => void share(), SOON).unref();
    });
    return going;
  }

  return {
    soon,
    share,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await going;
    },
  };
}

/** Says each count to Redis and hears the others'. Answers those that it could not be told of: the store is. */
async function withoutThoseHeard(
  counter: SharedCounter | null,
  instance: string,
  told: readonly Told[],
): Promise<readonly Told[]> {
  if (counter === null) return told;
  const heard = await Promise.all(
    told.map(async (one) => {
      const { count } = one.row;
      const elsewhere = await counter.tell(one.row.id, one.lifetime, { instance, count });
      if (elsewhere === null) return false;
      hear(one, elsewhere);
      return true;
    }),
  );
  return told.filter((_, index) => !heard[index]);
}

function rowOf(counts: Counts, name: LimitName, key: string): Told | null {
  const count = counts.find(name, key);
  if (count === null) return null;
  const { span, here } = count;
  // Hashed: a key may be longer than a column, and an address is nobody's business in yet another table.
  const id = `${name}.${span}.${sha256(key)}`;
  const { within } = LIMITS[name];
  return { count, span, row: { id, count: here, expiresAt: (span + 2) * within }, lifetime: 2 * within };
}

function hear({ count, span, row }: Told, elsewhere: number): void {
  // Time may have gone on while the store was asked.
  if (count.span !== span) return;
  count.told = row.count;
  count.elsewhere = elsewhere;
}
