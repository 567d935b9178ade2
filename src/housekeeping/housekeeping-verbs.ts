import { setTimeout as wait } from "node:timers/promises";
import type { Runtime } from "../runtime.ts";
import { indexUsers } from "./index-users.ts";
import { foreseeHousekeeping, type HousekeepingReport, keepHouse } from "./keep-house.ts";

/** Removing what has had its time, as every server does by itself each hour. */
export interface HousekeepingVerbs {
  /**
   * At once, and writes the index by which people are found. Answers how many have left, by kind; `null` = another process
   * is at it.
   * @throws PosternError `permission_denied` to a user who is no administrator, `store_unavailable`
   */
  run(actor: string): Promise<HousekeepingReport | null>;
  /** How many would leave now; changes nothing. @throws PosternError `store_unavailable` */
  foresee(): Promise<HousekeepingReport>;
}

/** Binds housekeeping to a runtime. */
export function housekeepingVerbs(runtime: Pick<Runtime, "settings" | "store" | "now">): HousekeepingVerbs {
  const pause = (milliseconds: number) => wait(milliseconds, true);
  return {
    run: async (actor) => {
      const removed = await keepHouse(runtime, { actor, pause });
      if (removed !== null) await indexUsers(runtime, pause);
      return removed;
    },
    foresee: () => foreseeHousekeeping(runtime),
  };
}
