import type { Log } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import { createTurnedAway, type TurnedAwaySession } from "./turned-away.ts";

/** Writes who was last seen, and who was turned away: late, together, and never in the way of a request. */
export interface LastSeen {
  /** True when the visit will be written: at most once a minute for each session. */
  note(sessionId: string, before: number, now: number): boolean;
  /** The same for an API key; `null` = it has never been used. */
  noteKey(keyId: string, before: number | null, now: number): boolean;
  /** Somebody has come with a session whose provider is not configured. */
  noteTurnedAway(session: TurnedAwaySession): void;
  /** Writes what has been noted. Never throws: the next visit notes it again. */
  flush(): Promise<void>;
  /** Writes what is left; to be called when no more visits come. */
  close(): Promise<void>;
}

/** How exact `lastSeenAt` is, in milliseconds. */
const PRECISION = 60_000;
/** How long notes are gathered before they are written, in milliseconds. */
const GATHER = 10_000;

/** Sessions that are noted at most: as many as a process keeps. Whoever comes beyond that is noted at a later visit. */
const MOST_NOTED = 20_000;
/** Notes that are written in one transaction, so that others who write need not wait for all. */
const AT_ONCE = 500;

/** `now` in milliseconds since the epoch. */
export function createLastSeen(
  store: Pick<Store, "transaction">,
  log: Log,
  now: () => number = Date.now,
): LastSeen {
  const turnedAway = createTurnedAway(store, log, now);
  let noted = new Map<string, number>();
  let notedKeys = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  let written = Promise.resolve();

  /** One after the other: while the store is slow, there are never more notes than two batches. */
  function flush(): Promise<void> {
    written = written.then(write);
    return written;
  }

  async function write(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    await turnedAway.flush();
    const [batch, keys] = [noted, notedKeys];
    noted = new Map();
    notedKeys = new Map();
    try {
      for (const some of pieces(batch))
        await store.transaction(async (tx) => {
          for (const [id, at] of some) await tx.sessions.touch(id, at);
        });
      for (const some of pieces(keys))
        await store.transaction(async (tx) => {
          for (const [id, at] of some) await tx.apiKeys.touch(id, at);
        });
    } catch (error) {
      log.warn(
        { err: error, sessions: batch.size, apiKeys: keys.size },
        "could not write what was last seen and used",
      );
    }
  }

  return {
    note(sessionId, before, now) {
      if (now - before < PRECISION || noted.size >= MOST_NOTED) return false;
      noted.set(sessionId, now);
      timer ??= setTimeout(flush, GATHER).unref();
      return true;
    },
    noteKey(keyId, before, now) {
      if (before !== null && now - before < PRECISION) return false;
      notedKeys.set(keyId, now);
      timer ??= setTimeout(flush, GATHER).unref();
      return true;
    },
    noteTurnedAway(session) {
      if (turnedAway.note(session)) timer ??= setTimeout(flush, GATHER).unref();
    },
    flush,
    close: flush,
  };
}

function* pieces(notes: ReadonlyMap<string, number>): Generator<readonly (readonly [string, number])[]> {
  const all = [...notes];
  for (let start = 0; start < all.length; start += AT_ONCE) yield all.slice(start, start + AT_ONCE);
}
