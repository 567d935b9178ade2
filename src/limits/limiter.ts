import { LIMITS, type LimitName, type LimitSettings } from "../model/limit-settings.ts";
import type { Log } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import { type Counter, createCounter } from "../operation/counter.ts";
import { createCounts } from "./counts.ts";
import { LimitReached } from "./limit-reached.ts";
import { type Counted, createNotices } from "./notices.ts";
import { createSharing } from "./share-counts.ts";
import { countNow, untilRoom } from "./sliding-count.ts";

/** Counts what must not happen too often. All of it in memory; see `share`. */
export interface Limiter {
  /** Counts one. @throws LimitReached when there have been too many; that one does not count */
  take(name: LimitName, who: Counted): void;
  /** The same for whoever goes on all the same; `null` = there is room. */
  reached(name: LimitName, who: Counted): LimitReached | null;
  /** Takes one back: it has come to a good end. */
  giveBack(name: LimitName, who: Counted): void;
  /** Adds up with the other instances, as happens by itself a second after something was counted. Never rejects. */
  share(): Promise<void>;
  /** Tells of limits that nobody runs into any more, as happens by itself. */
  settle(): Promise<void>;
  close(): Promise<void>;
  /** What came too often at this instance, by limit. */
  readonly tooMany: Pick<Counter<"limit">, "samples">;
}

/** What part of a limit must be used up before the others are told; failures are told at once. */
const WORTH_TELLING = 1 / 8;

interface Uses {
  readonly settings: { readonly limits: LimitSettings };
  readonly store: Pick<Store, "transaction" | "sharedMemory">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/** Makes the limiter of one instance. */
export function createLimiter(runtime: Uses): Limiter {
  const { settings, store, now, log } = runtime;
  const counts = createCounts(now);
  const sharing = createSharing(store, counts, log);
  const notices = createNotices(runtime);
  const tooMany = createCounter<"limit">();

  function reached(name: LimitName, who: Counted): LimitReached | null {
    const most = settings.limits[name];
    if (most === null || who.key === null) return null;
    const { within, ...row } = LIMITS[name];
    const count = counts.of(name, who.key);
    const wait = untilRoom(count, most, now(), within);
    if (wait > 0) {
      tooMany.add({ limit: name });
      return new LimitReached(name, wait, notices.refused(name, who, most));
    }
    count.here++;
    if ("isFailure" in row || countNow(count, now(), within) >= most * WORTH_TELLING)
      sharing.soon(name, who.key);
    return null;
  }

  return {
    tooMany,
    reached,
    take(name, who) {
      const error = reached(name, who);
      if (error !== null) throw error;
    },
    giveBack(name, { key }) {
      const count = key === null ? null : counts.find(name, key);
      if (key === null || count === null) return;
      if (count.here > 0) {
        count.here--;
        if (count.told > count.here) sharing.soon(name, key);
      } else if (count.hereBefore > 0) count.hereBefore--;
    },
    share: sharing.share,
    settle: notices.settle,
    async close() {
      await sharing.close();
      await notices.close();
    },
  };
}
