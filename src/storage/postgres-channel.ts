import { setTimeout } from "node:timers/promises";
import type { Pool } from "pg";
import { randomToken } from "../crypto/random.ts";
import type { Log } from "../model/log.ts";
import { type Changed, HEARD_BOUNDS, type Signals } from "../model/signals.ts";
import { createHistogram } from "../operation/histogram.ts";
import { openEar } from "./postgres-ear.ts";
import { CHANGES, fromNotice } from "./postgres-notices.ts";
import { openPool } from "./postgres-pool.ts";

/** Signals that have connections of their own. */
export interface Channel extends Signals {
  close(): Promise<void>;
}

/** Milliseconds from one beat to the next. */
const BEAT = 250;
/** Milliseconds without a beat of our own after which we listen anew. */
const DEAF = 2_000;
/** Milliseconds without anybody looking after which we stop: an idle process costs the server nothing. */
const IDLE = 60_000;
/** Milliseconds until the first new attempt; each waits twice as long as the one before. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Milliseconds for taking leave of the server. */
const FAREWELL = 1_000;
/** Milliseconds; so that what was changed by hand, with nobody telling, is noticed all the same. */
const LONGEST = 10_000;
/** Milliseconds without a beat of our own after which entries are believed no longer than without signals. */
const PROVEN_FOR = 900;

/**
 * Changes as PostgreSQL tells them, by LISTEN and NOTIFY. The server hands notices out in the order of the commits. So when
 * a notice that we send ourselves comes back (a beat), all that was committed before it was sent has been told; and while
 * none comes back, nothing is proven. Sent on one connection and heard on another, because that is how changes travel.
 */
export function createPostgresChannel({ url, log }: { readonly url: string; readonly log: Log }): Channel {
  const proof = nothingProven();
  const closing = new AbortController();
  // Beats travel as changes do, so they measure what a change takes; and by one clock, unlike a time from elsewhere.
  const heardAfter = createHistogram(HEARD_BOUNDS);
  let tell: (changed: Changed) => void = () => {};
  let lookedAt = 0;
  let working: Promise<void> | null = null;
  let troubled = false;

  const wanted = () => !closing.signal.aborted && performance.now() - lookedAt < IDLE;
  const pause = (milliseconds: number) =>
    setTimeout(milliseconds, undefined, { ref: false, signal: closing.signal }).catch(() => {});

  async function work(): Promise<void> {
    let waiting = FIRST_PAUSE;
    while (wanted()) {
      try {
        await listenAndBeat(() => {
          waiting = FIRST_PAUSE;
          tellRecovery();
        });
      } catch (error) {
        tellTrouble(error);
      }
      await pause(waiting * (0.5 + Math.random() / 2));
      waiting = Math.min(2 * waiting, LONGEST_PAUSE);
    }
  }

  /** Until nobody looks any more. @throws when the connection is lost or nothing is heard */
  async function listenAndBeat(proven: () => void): Promise<void> {
    // A new name each time: a beat that a former connection has left behind proves nothing.
    const own = `postern_beat_${randomToken()
      .toLowerCase()
      .replace(/[^a-z0-9]/g, "")}`;
    let lost = false;
    const ear = await openEar(url, [CHANGES, own], (channel, text) => {
      if (channel === CHANGES) tell(fromNotice(text));
      else if (!lost && accept(proof, Number(text))) {
        heardAfter.observe((performance.now() - proof.until) / 1_000);
        proven();
      }
    });
    const gone = ear.lost.then(() => {
      // The end of a connection that was given up may be heard much later, and is none of the next one's business.
      if (lost) return;
      lost = true;
      Object.assign(proof, nothingProven());
    });
    const mouth = await openPool({ url, log, connections: 1, statementTimeout: DEAF });
    try {
      proof.since = performance.now();
      while (wanted() && !lost) {
        await beat(mouth, own);
        await Promise.race([gone, pause(BEAT)]);
        if (performance.now() - Math.max(proof.since, proof.until) > DEAF) throw new Error(KEPT_BACK);
      }
      if (lost && wanted()) throw new Error("The connection was lost.");
    } finally {
      lost = true;
      Object.assign(proof, nothingProven());
      // A server that hangs does not answer to a good-bye either.
      await Promise.race([
        Promise.all([ear.close(), mouth.end()]),
        setTimeout(FAREWELL, undefined, { ref: false }),
      ]);
    }
  }

  function tellTrouble(error: unknown): void {
    if (closing.signal.aborted || troubled) return;
    troubled = true;
    const what = "Changes by other processes are not heard: each session is read anew every second.";
    log.warn({ err: error instanceof Error ? error.message : String(error) }, what);
  }

  function tellRecovery(): void {
    if (troubled) log.info({}, "Changes by other processes are heard again.");
    troubled = false;
  }

  return {
    look(now) {
      lookedAt = now;
      working ??= work().finally(() => {
        working = null;
      });
      return proof;
    },
    listen: (listener) => {
      tell = listener;
    },
    longest: LONGEST,
    heardAfter,
    state(now) {
      if (working === null) return "idle";
      return now - proof.until < PROVEN_FOR ? "proven" : "unproven";
    },
    async close() {
      closing.abort();
      await working;
    },
  };
}

const KEPT_BACK =
  "Notices do not come back. A pooler such as pgbouncer keeps them when it lends connections for one transaction each.";

function nothingProven() {
  return { since: Number.POSITIVE_INFINITY, until: Number.NEGATIVE_INFINITY };
}

/** What was sent before we listened proves nothing. */
function accept(proof: { since: number; until: number }, sentAt: number): boolean {
  if (!(sentAt >= proof.since && sentAt > proof.until && sentAt <= performance.now())) return false;
  proof.until = sentAt;
  return true;
}

/** Says when it was sent. Nobody has to wait until the server has written it to its disk. */
async function beat(mouth: Pool, channel: string): Promise<void> {
  const sentAt = performance.now();
  await mouth.query(`set local synchronous_commit = off; notify ${channel}, '${sentAt}'`);
}
