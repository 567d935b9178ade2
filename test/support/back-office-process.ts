import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PosternOptions } from "../../src/index.ts";
import type { BackOfficeOptions } from "./back-office.ts";

/** A back office in a process of its own, which can be killed. */
export interface BackOfficeProcess {
  /** Another port at every start. */
  readonly url: string;
  readonly pid: number;
  /** Stands still until `resume` (SIGSTOP): it does not learn how long. */
  stop(): void;
  resume(): void;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
}

/** What can be said in data, since functions cannot be handed over. */
export interface SpawnOptions extends Omit<BackOfficeOptions, "options"> {
  readonly options?: Pick<PosternOptions, "access" | "webhook" | "publicUrl" | "redis" | "limits">;
}

/** Starts one; resolves when it answers. `script` is what it runs. @throws Error when it ends before that */
export async function spawnBackOffice(
  options: SpawnOptions,
  script: string = join(import.meta.dirname, "back-office-main.ts"),
): Promise<BackOfficeProcess> {
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  return {
    url: await firstLine(child),
    pid: child.pid ?? 0,
    stop: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout !== null) for await (const line of createInterface(child.stdout)) return line;
  throw new Error(`The back office ended (${child.exitCode}) before it answered.`);
}
