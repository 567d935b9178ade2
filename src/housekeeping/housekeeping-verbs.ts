import { setTimeout as wait } from "node:timers/promises";
import type { Runtime } from "../runtime.ts";
import { foreseeHousekeeping, type HousekeepingReport, keepHouse } from "./keep-house.ts";

/** Removing what has had its time, as every server does by itself each hour. */
export interface HousekeepingVerbs {
  /**
   * At once. Answers how many have left, by kind; `null` = another process is at it.
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
    run: (actor) => keepHouse(runtime, { actor, pause }),
    foresee: () => foreseeHousekeeping(runtime),
  };
}
