import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Act } from "./acts.ts";
import { machineTime } from "./clock.ts";

/** What an application is told to do. */
export interface Order {
  readonly number: number;
  readonly act: Act;
  readonly userId: string;
}

/** When an application stood still: from after SIGSTOP until before SIGCONT. */
export interface Pause {
  readonly from: number;
  /** `Infinity` while it lasts. */
  until: number;
}

/** An application in a process of its own. */
export interface GuardedOffice {
  readonly url: string;
  readonly pauses: readonly Pause[];
  /** Puts somebody out; answers when the call had returned there (`machineTime`). */
  putOut(act: Act, userId: string): Promise<number>;
  /** Stands still (SIGSTOP) as soon as it has done what it was told; takes no orders from now on. */
  pause(): Promise<void>;
  resume(): void;
  /** False while it takes no orders. */
  readonly takesOrders: boolean;
  close(): Promise<void>;
}

/** Starts one; resolves when it listens. */
export async function startGuardedOffice(options: {
  readonly database: string;
  readonly redis: string | undefined;
}): Promise<GuardedOffice> {
  const child = fork(join(import.meta.dirname, "../guarded-office-main.ts"), [JSON.stringify(options)]);
  const [{ url }] = (await Promise.race([once(child, "message"), endOf(child)])) as [{ url: string }];
  const waiting = new Map<number, (returnedAt: number) => void>();
  child.on("message", ({ number, returnedAt }: { number: number; returnedAt: number }) => {
    waiting.get(number)?.(returnedAt);
    waiting.delete(number);
    if (waiting.size === 0) idle.resolve();
  });
  const pauses: Pause[] = [];
  let idle = Promise.withResolvers<void>();
  let takesOrders = true;
  let number = 0;
  return {
    url,
    pauses,
    putOut(act, userId) {
      if (!takesOrders) throw new Error("It takes no orders at the moment.");
      number++;
      child.send({ number, act, userId } satisfies Order);
      return new Promise((resolve) => waiting.set(number, resolve));
    },
    async pause() {
      takesOrders = false;
      idle = Promise.withResolvers();
      if (waiting.size > 0) await idle.promise;
      child.kill("SIGSTOP");
      pauses.push({ from: machineTime(), until: Number.POSITIVE_INFINITY });
    },
    resume() {
      const pause = pauses.at(-1);
      if (pause !== undefined) pause.until = Math.min(pause.until, machineTime());
      child.kill("SIGCONT");
      takesOrders = true;
    },
    get takesOrders() {
      return takesOrders;
    },
    async close() {
      child.kill("SIGCONT");
      if (child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

async function endOf(child: ChildProcess): Promise<never> {
  await once(child, "exit");
  throw new Error(`The application ended (${child.exitCode}) before it listened.`);
}
