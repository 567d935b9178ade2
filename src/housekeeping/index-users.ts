import type { Runtime } from "../runtime.ts";
import { createPace } from "./pace.ts";

/**
 * Makes everybody quick to find who is new or has changed: some in a transaction, a pause, the next. Several processes may
 * be at it, each takes others. Whoever is not done yet is found all the same, and an interruption loses nothing. Writes
 * nothing that anybody could see, so no event. `pause` as for `keepHouse`. Answers how many it were.
 * @throws PosternError `store_unavailable`
 */
export async function indexUsers(
  { store }: Pick<Runtime, "store">,
  pause: (milliseconds: number) => Promise<boolean>,
): Promise<number> {
  const pace = createPace();
  for (let done = 0; ; ) {
    const { rows } = pace;
    let began = performance.now();
    const count = await store.transaction((tx) => {
      // Not before: to have waited for others is not to have kept them waiting.
      began = performance.now();
      return tx.users.index(rows);
    });
    done += count;
    if (!(await pause(pace.took(performance.now() - began))) || count < rows) return done;
  }
}
