import type { SessionSnapshot } from "./session.ts";

/**
 * What processes share besides the store, to be faster. Any of it may be gone, late or made up at any time: nothing may
 * be decided by it that the store does not prove.
 */
export interface SharedMemory {
  /** Connects now and not at the first need, so that what is wrong is said at the start. */
  start(): void;
  /** Sessions as others have read them. `mark` is called about seven times in a second, whoever asks or not. */
  shareSessions(mark: () => ReadMark): SharedSessions;
  readonly counter: SharedCounter;
}

/** A moment at which a process could have begun to read, and what it had heard of changes by then. */
export interface ReadMark {
  /** Milliseconds of a clock that never jumps. */
  readonly at: number;
  readonly epoch: number;
}

/** Sessions that other processes have read from the store just now. */
export interface SharedSessions {
  /**
   * A session that somebody read after the moment `mark`, a moment of this process. `null` at once = it is not worth
   * asking. Resolves to `null` when nobody has read it lately. Never rejects.
   */
  find(secretHash: string): Promise<SharedSession | null> | null;
  /** Call before reading the store; hand the answer to `put`. */
  witnesses(): Witnesses;
  /** Shares what was read. Nobody waits for it. */
  put(secretHash: string, snapshot: SessionSnapshot, witnesses: Witnesses): void;
}

export interface SharedSession {
  readonly snapshot: SessionSnapshot;
  readonly mark: ReadMark;
}

/** Beats of other processes that were heard before a reading began. */
export type Witnesses = readonly string[];

/** Counts what happens on all instances together. */
export interface SharedCounter {
  /**
   * Says how much `instance` has counted under this key, and answers how much the others have. Each has a number of its
   * own, so that one whose answer was lost is simply said again. It is gone so many milliseconds after the first was said.
   * `null` = nobody could be asked: count for yourself. Never rejects.
   */
  tell(key: string, window: number, own: OwnCount): Promise<number | null>;
}

export interface OwnCount {
  readonly instance: string;
  readonly count: number;
}
