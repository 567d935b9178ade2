import { busyTime, type Cores } from "../cores.ts";
import type { RunningServer } from "../server.ts";

/** From which share of the server's core somebody else must have used for a round to count as disturbed. */
export const DISTURBED = 0.05;

/** CPU that a server has used meanwhile, in microseconds, and which share of its core others have. */
export interface Spent<T> {
  readonly result: T;
  readonly cpu: number;
  /** 0–1; `null` where cores cannot be told apart. */
  readonly others: number | null;
}

/** Looks at a server's own accounting, and at its core's, before and after. */
export async function spentOn<T>(
  server: RunningServer,
  cores: Cores | null,
  work: () => Promise<T>,
): Promise<Spent<T>> {
  const [cpu, busy, start] = [await server.cpu(), cores && busyTime(cores), performance.now()];
  const result = await work();
  const spent = (await server.cpu()) - cpu;
  const elapsed = performance.now() - start;
  const others =
    cores === null || busy === null
      ? null
      : Math.max(0, Math.min(1, (busyTime(cores) - busy - spent / 1000) / elapsed));
  return { result, cpu: spent, others };
}

/** How often rounds were measured again, and how many stayed disturbed. */
export interface Disturbance {
  rounds: number;
  repeated: number;
  disturbed: number;
}

/** Measures a round, and again while others use the server's core; the least disturbed counts. */
export async function undisturbed<T extends { readonly others: number | null }>(
  retries: number,
  disturbance: Disturbance,
  measure: () => Promise<T>,
): Promise<T> {
  let best = await measure();
  for (let retry = 0; retry < retries && (best.others ?? 0) > DISTURBED; retry++) {
    disturbance.repeated++;
    const again = await measure();
    if ((again.others ?? 0) < (best.others ?? 0)) best = again;
  }
  disturbance.rounds++;
  if ((best.others ?? 0) > DISTURBED) disturbance.disturbed++;
  return best;
}
