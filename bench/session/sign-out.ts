import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createPostern, type Principal } from "../../src/index.ts";
import { below, seeded } from "../../test/support/seeded.ts";
import { optionsFor } from "./applications.ts";

const ROUNDS = 40;
/** The sign-out comes at any moment of the cache's own rhythm, which is shorter than this many milliseconds. */
const RHYTHM = 1_000;

/** How long a session still opened the door after another process had ended it, in milliseconds, once per round. */
export async function measureSignOut(
  database: string,
  secrets: readonly string[],
): Promise<readonly number[]> {
  const door = await createPostern(optionsFor(database));
  const other = fork(join(import.meta.dirname, "other-process.ts"), [database]);
  await once(other, "message");
  const random = seeded(1);
  const delays: number[] = [];
  for (const secret of secrets.slice(0, ROUNDS)) {
    const cookie = `postern=${secret}`;
    const ask = () => door.authenticate({ headers: { cookie } });
    const until = performance.now() + below(random, RHYTHM);
    let principal = await ask();
    while (performance.now() < until) {
      principal = (await ask()) ?? principal;
      await setTimeout(1);
    }
    if (principal === null) throw new Error("The session had ended before anybody ended it.");
    const ended = endElsewhere(other, principal);
    while ((await ask()) !== null) await setTimeout(1);
    const now = process.hrtime.bigint();
    delays.push(Math.max(0, Number(now - (await ended)) / 1e6));
  }
  other.disconnect();
  await door.close();
  return delays;
}

/** Has the session ended by the other process; answers when it had done so. */
async function endElsewhere(other: ChildProcess, { session, user }: Principal): Promise<bigint> {
  const answered = once(other, "message");
  other.send({ id: session.id, userId: user.id });
  const [{ ended, at }] = await answered;
  if (ended !== true) throw new Error("The other process found no such session.");
  return BigInt(at);
}
