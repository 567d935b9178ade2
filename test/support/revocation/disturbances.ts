import { setTimeout } from "node:timers/promises";
import { openRawDatabase } from "../raw-database.ts";
import type { RevocationStage } from "./revocation-stage.ts";

/** Goes on until it is told to stop, then mends what it has broken; answers how often it disturbed. */
export type Disturbance = (stage: RevocationStage, signal: AbortSignal) => Promise<number>;

/** Milliseconds that an application stands still, and that it then goes on before the next does. */
const STANDS_STILL = 3_000;
const GOES_ON = 1_200;
/** Milliseconds that Redis is away: longer than its connection is believed in (two seconds), and shorter. */
const REDIS_AWAY = [600, 2_600];
const REDIS_BACK = 900;
/** Milliseconds from one cut of the listening connections to the next: most of the time, some process is just coming back. */
const CUT_AGAIN = [150, 700, 1_500];

const CUT = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and application_name = 'postern signals'`;

/** All processes lose the connection on which they listen to PostgreSQL, again and again. */
export const cutListening: Disturbance = async ({ database }, signal) => {
  const raw = await openRawDatabase(database);
  const cuts = await repeat(signal, async (turn) => {
    const cut = await raw.rows(CUT);
    await wait(CUT_AGAIN[turn % CUT_AGAIN.length], signal);
    return cut.length > 0;
  });
  await raw.close();
  return cuts;
};

/** Redis is killed (SIGKILL), and comes back empty. */
export const killRedis: Disturbance = ({ redis }, signal) =>
  repeat(signal, async (turn) => {
    await redis?.kill();
    await wait(REDIS_AWAY[turn % 2], signal);
    await redis?.start();
    await wait(REDIS_BACK, signal);
    return redis !== null;
  });

/** Redis stands still (SIGSTOP): connections stand and nothing answers. */
export const pauseRedis: Disturbance = ({ redis }, signal) =>
  repeat(signal, async (turn) => {
    redis?.pause();
    await wait(REDIS_AWAY[turn % 2], signal);
    redis?.resume();
    await wait(REDIS_BACK, signal);
    return redis !== null;
  });

/** One application after the other stands still for three seconds (SIGSTOP). */
export const pauseOffice: Disturbance = ({ offices }, signal) =>
  repeat(signal, async (turn) => {
    const office = offices[turn % offices.length];
    await office?.pause();
    // As long as ever: how long somebody may come in afterwards is what is asked.
    await setTimeout(STANDS_STILL);
    office?.resume();
    await wait(GOES_ON, signal);
    return true;
  });

/** Several at once; answers how often the rarest disturbed. */
export function together(...disturbances: readonly Disturbance[]): Disturbance {
  return async (stage, signal) =>
    Math.min(...(await Promise.all(disturbances.map((each) => each(stage, signal)))));
}

async function repeat(signal: AbortSignal, turn: (turn: number) => Promise<boolean>): Promise<number> {
  let disturbed = 0;
  for (let number = 0; !signal.aborted; number++) if (await turn(number)) disturbed++;
  return disturbed;
}

/** Shorter when it is over. */
async function wait(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => {});
}
