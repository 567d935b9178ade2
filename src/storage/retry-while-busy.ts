import { setTimeout } from "node:timers/promises";
import { fromSqliteError, isBusy } from "./sqlite-errors.ts";

/** How to wait for a lock that another process holds. */
export interface Patience {
  /** Milliseconds before each further attempt; afterwards it is given up. */
  readonly backOff: readonly number[];
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** Five seconds in all: quick at first, because most locks are held for about a millisecond. */
export const DEFAULT_PATIENCE: Patience = {
  backOff: [1, 2, 4, 8, 16, 32, ...Array.from({ length: 99 }, () => 50)],
  wait: (milliseconds) => setTimeout(milliseconds),
};

/**
 * Tries again while SQLite is locked by another process. SQLite's own busy handler would sleep in our only thread.
 * @throws PosternError `store_unavailable` when patience has run out.
 */
export async function retryWhileBusy<T>(attempt: () => T, { backOff, wait }: Patience): Promise<T> {
  for (const pause of backOff) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw fromSqliteError(error);
    }
    await wait(pause);
  }
  try {
    return attempt();
  } catch (error) {
    throw fromSqliteError(error);
  }
}
