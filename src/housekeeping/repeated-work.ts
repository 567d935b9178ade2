import { setTimeout as wait } from "node:timers/promises";

/** What is done beside everything else, again and again. */
export interface RepeatedWork {
  /** From now on does it soon, and then at each interval. Keeps no process alive. */
  start(): void;
  /** Stops after the step that is under way. */
  close(): Promise<void>;
}

export interface Repetition {
  /** Milliseconds until the first time, and between the end of one and the beginning of the next; about. */
  readonly first: number;
  readonly interval: number;
  /** Answers from [0, 1): instances that start together do not stay together. */
  readonly random: () => number;
  /** `pause` waits so many milliseconds and answers false when it is time to stop. */
  readonly work: (pause: (milliseconds: number) => Promise<boolean>) => Promise<void>;
  /** Hears of what went wrong, unless it was stopped. */
  readonly failed: (error: unknown) => void;
}

/** Makes one that waits to be started. */
export function repeatedWork({ first, interval, random, work, failed }: Repetition): RepeatedWork {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | null = null;
  let going: Promise<void> | null = null;

  const pause = (milliseconds: number): Promise<boolean> =>
    wait(milliseconds, true, { ref: false, signal: stopping.signal }).catch(() => false);

  async function run(): Promise<void> {
    try {
      await work(pause);
    } catch (error) {
      if (!stopping.signal.aborted) failed(error);
    }
  }

  function plan(milliseconds: number): void {
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      going = run().finally(() => plan(interval * (0.9 + 0.2 * random())));
    }, milliseconds).unref();
  }

  return {
    start: () => plan(first * (0.67 + 0.66 * random())),
    async close() {
      stopping.abort();
      if (timer !== null) clearTimeout(timer);
      await going;
    },
  };
}
