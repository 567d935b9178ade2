import type { Cores } from "../cores.ts";
import { signInMany } from "../load/sign-in.ts";
import type { RunningServer } from "../server.ts";
import type { Size } from "../sizes.ts";
import { type Disturbance, spentOn, undisturbed } from "./round.ts";
import { type Spread, spreadOf } from "./spread.ts";
import { verifyLast } from "./verify.ts";

export interface SignInResult {
  /** CPU microseconds of a whole sign-in. */
  readonly cpu: Spread;
  /** As a multiple of what bare `oauth4webapi` needs for the same calls, by the round. */
  readonly ratio: Spread;
}

/** People who have never been there sign in by turns at the floor and at the target. */
export async function measureSignIns(
  floor: RunningServer,
  target: RunningServer,
  { size, cores, disturbance }: { size: Size; cores: Cores | null; disturbance: Disturbance },
): Promise<SignInResult> {
  let first = 1_000;
  const each = async (server: RunningServer, count: number) => {
    const people = { first, count };
    first += count;
    const { cpu, others, result } = await spentOn(server, cores, () =>
      signInMany(server.url, formOf(server), people),
    );
    if (server === target) await verifyLast(server, result);
    return { cpu: cpu / count, others };
  };
  await each(floor, size.warmUpSignIns);
  await each(target, size.warmUpSignIns);
  const pairs: { floor: number; target: number }[] = [];
  while (pairs.length < size.rounds) {
    const pair = await undisturbed(size.retries, disturbance, async () => {
      const [without, within] = [await each(floor, size.signIns), await each(target, size.signIns)];
      return { floor: without.cpu, target: within.cpu, others: within.others };
    });
    pairs.push(pair);
  }
  return {
    cpu: spreadOf(pairs.map((pair) => pair.target)),
    ratio: spreadOf(pairs.map((pair) => pair.target / pair.floor)),
  };
}

/** How people sign in there. @throws Error when nobody can */
export function formOf({ signIn, target }: RunningServer) {
  if (signIn === undefined) throw new Error(`Nobody signs in at ${target.name}.`);
  return signIn;
}
