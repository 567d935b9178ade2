import { setTimeout as wait } from "node:timers/promises";
import type { Runtime } from "../runtime.ts";
import { keepHouse } from "./keep-house.ts";

type Uses = Pick<Runtime, "settings" | "store" | "now" | "log">;

/** Keeps house beside everything else. */
export interface HousekeepingWorker {
  /** From now on does so soon, and then every hour. Keeps no process alive. */
  start(): void;
  /** Stops after the transaction that is under way. */
  close(): Promise<void>;
}

const MINUTE = 60_000;
/** The first time is after a minute or two: whoever has just started has other things to do. */
const FIRST = 90_000;
const INTERVAL = 60 * MINUTE;

/** Makes the worker of one instance. `random` answers from [0, 1): instances that start together do not stay together. */
export function createHousekeepingWorker(
  runtime: Uses,
  random: () => number = Math.random,
): HousekeepingWorker {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let going: Promise<void> | null = null;

  const pause = (milliseconds: number): Promise<boolean> =>
    wait(milliseconds, true, { ref: false, signal: stopping.signal }).catch(() => false);

  async function run(): Promise<void> {
    try {
      const removed = await keepHouse(runtime, { actor: "system", pause });
      const some = Object.entries(removed ?? {}).filter(([, count]) => count > 0);
      if (some.length > 0) runtime.log.info({ removed: Object.fromEntries(some) }, "housekeeping is done");
    } catch (error) {
      if (!stopping.signal.aborted) runtime.log.warn({ err: error }, "housekeeping could not be done");
    }
  }

  function plan(milliseconds: number): void {
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      going = run().finally(() => plan(INTERVAL * (0.9 + 0.2 * random())));
    }, milliseconds).unref();
  }

  return {
    start: () => plan(FIRST * (0.67 + 0.66 * random())),
    async close() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      await going;
    },
  };
}
