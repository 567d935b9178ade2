import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Which core the measured server has for itself; everything else has the others. */
export interface Cores {
  readonly server: number;
}

const SERVER = 0;

/** Puts this process, and all that it starts from now on, on every core but the server's; `null` where that cannot be done. */
export function keepOffServerCore(): Cores | null {
  const last = availableParallelism() - 1;
  if (process.platform !== "linux" || last < 1) return null;
  const { status } = spawnSync("taskset", ["-a", "-c", "-p", `1-${last}`, String(process.pid)]);
  return status === 0 ? { server: SERVER } : null;
}

/** Milliseconds that the core has worked since the machine started, for whomever. */
export function busyTime({ server }: Cores): number {
  const line = new RegExp(`^cpu${server} (.*)$`, "m").exec(readFileSync("/proc/stat", "latin1"))?.[1] ?? "";
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.split(" ").map(Number);
  return (user + nice + system + irq + softirq + steal) * 10;
}
