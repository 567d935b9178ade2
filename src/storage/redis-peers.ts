import { randomToken } from "../crypto/random.ts";
import type { ReadMark, Witnesses } from "../model/shared-memory.ts";

/** What a process says of itself again and again. */
export interface Beat {
  /** The process. */
  readonly from: string;
  /** A name that nobody can guess, of this beat alone. */
  readonly beat: string;
}

/**
 * Which process has heard which. Whoever reads says whose last beats they had heard by then; so each of the others knows a
 * moment of their own before which that reading cannot have begun, without comparing clocks or believing what carried it.
 */
export interface Peers {
  /** A new beat of ours. `mark` is the moment at which it is sent. */
  next(mark: ReadMark): Beat;
  /** When it was sent, if it is one of ours and not old; milliseconds of our clock. */
  hear(beat: Beat): number | null;
  /** The last beat of each of the others, none of them older than `OLDEST_BEAT` since it was heard. */
  witnesses(): Witnesses;
  /** When we sent the latest of ours that is among them; `null` = none of them is ours and new enough. */
  sentAt(witnesses: Witnesses): ReadMark | null;
}

/** Milliseconds; what is older is of no use to anybody. */
const OLDEST_BEAT = 900;
/** More processes than these share less than they could. */
const MOST_PEERS = 200;
/** 96 bits. */
const NAME_BYTES = 12;

export function createPeers(monotonic: () => number = () => performance.now()): Peers {
  const self = randomToken(NAME_BYTES);
  /** Oldest first. */
  const own = new Map<string, ReadMark>();
  /** By process, the longest unheard first. */
  const others = new Map<string, { readonly beat: string; readonly heardAt: number }>();

  function dropOld(): void {
    const oldest = monotonic() - OLDEST_BEAT;
    for (const [beat, { at }] of own) if (at < oldest) own.delete(beat);
    for (const [from, { heardAt }] of others) if (heardAt < oldest) others.delete(from);
  }

  return {
    next(mark) {
      dropOld();
      const beat = randomToken(NAME_BYTES);
      own.set(beat, mark);
      return { from: self, beat };
    },
    hear({ from, beat }) {
      if (from === self) return own.get(beat)?.at ?? null;
      others.delete(from);
      if (others.size < MOST_PEERS) others.set(from, { beat, heardAt: monotonic() });
      return null;
    },
    witnesses() {
      dropOld();
      return [...others.values()].map(({ beat }) => beat);
    },
    sentAt(witnesses) {
      const named = new Set(witnesses);
      let latest: ReadMark | null = null;
      for (const [beat, mark] of own) if (named.has(beat)) latest = mark;
      return latest;
    },
  };
}
