import type { Changed } from "../model/signals.ts";

/** Tells the others of what was committed. */
export interface Teller {
  /** Nobody waits for it; what cannot be told soon is not told. */
  tell(changed: Changed): void;
  /** Resolves when what was said before has been told or given up. */
  told(): Promise<void>;
}

/** Ids in one message; more are told as everything. */
const MOST_NAMED = 100;

/** Whatever is said while a message is under way goes into the next one, so at most one waits. */
export function createTeller(publish: (changed: Changed) => Promise<void>): Teller {
  const waiting = new Set<string>();
  let everything = false;
  let telling: Promise<void> | null = null;

  async function tellAll(): Promise<void> {
    while (everything || waiting.size > 0) {
      const changed = everything || waiting.size > MOST_NAMED ? null : [...waiting];
      everything = false;
      waiting.clear();
      // Others believe what they have read for less than a second, whether they hear of this or not.
      await publish(changed).catch(() => {});
    }
    telling = null;
  }

  return {
    tell(changed) {
      if (changed?.length === 0) return;
      if (changed === null || waiting.size > MOST_NAMED) everything = true;
      else for (const id of changed) waiting.add(id);
      telling ??= tellAll();
    },
    told: async () => {
      await telling;
    },
  };
}
