import type { Runtime } from "../runtime.ts";
import { indexUsers } from "./index-users.ts";
import { keepHouse } from "./keep-house.ts";
import { repeatedWork } from "./repeated-work.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now" | "log">;

/** Keeps house beside everything else. */
export interface HousekeepingWorker {
  /** From now on removes what has had its time, soon and then every hour, and writes the index of people every minute. */
  start(): void;
  /** Stops after the transaction that is under way. */
  close(): Promise<void>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The first time is after a minute or two: whoever has just started has other things to do. */
const FIRST = 90 * SECOND;
const INTERVAL = 60 * MINUTE;
/** Until they are indexed, all who have come or changed are looked at in each search: let there never be many of them. */
const FIRST_INDEXING = 15 * SECOND;
const INDEXING_INTERVAL = MINUTE;
/** People who are indexed at once and are worth a word: some are at any time. */
const MANY = 1_000;

/** Makes the worker of one instance. `random` answers from [0, 1): instances that start together do not stay together. */
export function createHousekeepingWorker(
  runtime: Uses,
  random: () => number = Math.random,
): HousekeepingWorker {
  const { log } = runtime;
  const keeping = repeatedWork({
    first: FIRST,
    interval: INTERVAL,
    random,
    async work(pause) {
      const removed = await keepHouse(runtime, { actor: "system", pause });
      const some = Object.entries(removed ?? {}).filter(([, count]) => count > 0);
      if (some.length > 0) log.info({ removed: Object.fromEntries(some) }, "housekeeping is done");
    },
    failed: (error) => log.warn({ err: error }, "housekeeping could not be done"),
  });
  const indexing = repeatedWork({
    first: FIRST_INDEXING,
    interval: INDEXING_INTERVAL,
    random,
    async work(pause) {
      const people = await indexUsers(runtime, pause);
      if (people >= MANY) log.info({ people }, "people who came or changed have been indexed");
    },
    failed: (error) => log.warn({ err: error }, "people who came or changed could not be indexed"),
  });
  return {
    start() {
      keeping.start();
      indexing.start();
    },
    async close() {
      await Promise.all([keeping.close(), indexing.close()]);
    },
  };
}
