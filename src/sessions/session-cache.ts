import type { Principal } from "../model/principal.ts";
import type { Session } from "../model/session.ts";
import type { ReadMark, SharedMemory, SharedSessions } from "../model/shared-memory.ts";
import type { Signals } from "../model/signals.ts";

/** A session as it was read, ready for the next request. One object, and nothing twice: thousands of them are kept. */
export interface CachedSession {
  readonly principal: Principal;
  /** When it has to be read again: the session's absolute end, or before that of a role. Milliseconds since the epoch. */
  readonly expiresAt: Session["expiresAt"];
  /** Moves on with every request of this process. */
  lastSeenAt: Session["lastSeenAt"];
  /** Of the mark that its reading began with. */
  readonly readAt: ReadMark["at"];
  /** Of the same mark: whatever was forgotten later than this may be meant by it. */
  readonly epoch: ReadMark["epoch"];
}

export interface SessionCacheOptions {
  /** From the store: what it tells of changes. */
  readonly signals: Signals;
  /** From the store: what stands beside it. Default nothing. */
  readonly sharedMemory?: SharedMemory | null;
  /** Milliseconds of a clock that never jumps; the one of the signals. Default `performance.now`. */
  readonly monotonic?: () => number;
  /** How many sessions are kept at most. Default 20,000. */
  readonly capacity?: number;
}

/**
 * The sessions that this process has read lately. No answer of it is older than a second: it holds for the moment when it
 * was read, or for the last one of which the signals prove that they have told of everything.
 */
export interface SessionCache {
  /** A fresh entry, or `undefined`. */
  get(secretHash: string): CachedSession | undefined;
  /** Call before reading the store; the entry carries the answer. */
  beginRead(): ReadMark;
  /** Keeps what was read, unless it was forgotten while it was being read. */
  put(secretHash: string, entry: CachedSession): void;
  /** Those that other processes have read; `null` = nothing is shared. */
  readonly shared: SharedSessions | null;
  /** To be called after a change has been committed. */
  forgetUser(userId: string): void;
  forgetSession(sessionId: string): void;
  clear(): void;
  readonly size: number;
  /** How old the oldest answer was that was given, in milliseconds. */
  readonly oldestAnswer: number;
}

/** How old an answer may be, in milliseconds; the rest of the second is for the request that it is given to. */
const OLDEST_ANSWER = 900;

/** How many users and sessions are remembered as forgotten before the cache is searched for them. */
const MOST_FORGOTTEN = 100;

/**
 * When it is full, one in so many leaves. An iterator that is kept for the next time would be cheaper still, and keep all
 * that the map has held since.
 */
const SHARE_THAT_LEAVES = 100;

export function createSessionCache(options: SessionCacheOptions): SessionCache {
  const { signals, sharedMemory = null, monotonic = () => performance.now(), capacity = 20_000 } = options;
  const entries = new Map<string, CachedSession>();
  /** Ids of users and sessions, and the epoch that began with it. */
  const forgotten = new Map<string, number>();
  let epoch = 0;
  /** `forgotten` tells of everything that was forgotten after this one. */
  let toldSince = 0;
  let oldestAnswer = 0;

  function clear(): void {
    epoch++;
    entries.clear();
    forgotten.clear();
    toldSince = epoch;
  }

  /** Several at once, since looking for the oldest walks over the holes that those before it have left. */
  function makeRoom(): void {
    let leaving = Math.ceil(capacity / SHARE_THAT_LEAVES);
    for (const secretHash of entries.keys()) {
      entries.delete(secretHash);
      if (--leaving === 0) return;
    }
  }

  function isVoid({ principal, epoch: since }: CachedSession): boolean {
    if (forgotten.size === 0) return false;
    const { user, session } = principal;
    return since < (forgotten.get(user.id) ?? 0) || since < (forgotten.get(session.id) ?? 0);
  }

  /** Every sign-in forgets somebody, so it must not take a walk through the whole cache each time. */
  function forget(id: string): void {
    epoch++;
    forgotten.set(id, epoch);
    if (forgotten.size <= MOST_FORGOTTEN) return;
    for (const [secretHash, entry] of entries) if (isVoid(entry)) entries.delete(secretHash);
    forgotten.clear();
    toldSince = epoch;
  }

  signals.listen((changed) => {
    if (changed === null) clear();
    else for (const id of changed) forget(id);
  });

  const beginRead = (): ReadMark => ({ at: monotonic(), epoch });

  return {
    get(secretHash) {
      const now = monotonic();
      const { since, until } = signals.look(now);
      const entry = entries.get(secretHash);
      if (entry === undefined) return undefined;
      const { readAt } = entry;
      const knownAt = readAt >= since && until > readAt ? until : readAt;
      const age = now - knownAt;
      if (age < OLDEST_ANSWER && now - readAt < signals.longest && !isVoid(entry)) {
        if (age > oldestAnswer) oldestAnswer = age;
        return entry;
      }
      entries.delete(secretHash);
      return undefined;
    },
    beginRead,
    shared: sharedMemory?.shareSessions(beginRead) ?? null,
    put(secretHash, entry) {
      if (entry.epoch < toldSince || isVoid(entry)) return;
      entries.delete(secretHash);
      if (entries.size >= capacity) makeRoom();
      entries.set(secretHash, entry);
    },
    forgetUser: forget,
    forgetSession: forget,
    clear,
    get size() {
      return entries.size;
    },
    get oldestAnswer() {
      return oldestAnswer;
    },
  };
}
