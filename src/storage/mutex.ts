import { PosternError } from "../errors.ts";

/** One at a time, in order of asking. */
export interface Mutex {
  /** Resolves when it is our turn. @throws PosternError `store_unavailable` after `patience` milliseconds. */
  lock(): Promise<void>;
  unlock(): void;
}

/** `patience`: milliseconds that somebody waits at most, so that one hung transaction cannot hang everybody. */
export function createMutex(patience: number): Mutex {
  const waiting: (() => void)[] = [];
  let locked = false;
  return {
    lock: () => {
      if (locked) return queue(waiting, patience);
      locked = true;
      return Promise.resolve();
    },
    unlock: () => {
      const next = waiting.shift();
      if (next === undefined) locked = false;
      else next();
    },
  };
}

function queue(waiting: (() => void)[], patience: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      clearTimeout(timer);
      resolve();
    };
    const giveUp = () => {
      waiting.splice(waiting.indexOf(enter), 1);
      reject(
        new PosternError("store_unavailable", "The database is busy with another transaction.", {
          reason: "busy",
        }),
      );
    };
    const timer = setTimeout(giveUp, patience);
    waiting.push(enter);
  });
}
