/** Rows that are worth nothing after a while, by what their time is measured with. */
export type SweptKind =
  /** Spent, by their end. */
  | "login_transactions"
  | "provider_sign_outs"
  | "logout_notices"
  | "limit_counts"
  /** By their absolute end, and by when they were last used. */
  | "sessions"
  | "idle_sessions"
  /** That have let somebody in, by the decision; that were declined and no longer stand, by the decision. */
  | "approved_requests"
  | "declined_requests"
  /** By the end of the time in which they could be accepted. */
  | "invitations"
  /** The same; never one whose use another owner has yet to review. */
  | "owner_links"
  /** By when they were finished; those that were never sent, by when they were made. */
  | "finished_messages"
  | "unsent_messages"
  /** By when it happened. */
  | "audit_events";

/** Rows of a kind that have had their time before a moment, in milliseconds since the epoch. */
export interface OldRows {
  readonly kind: SweptKind;
  readonly before: number;
}

export interface HousekeepingReader {
  /** How many rows there are of one or the other kind, all of one table; of each kind at most `most` are looked at. */
  count(old: readonly OldRows[], most: number): Promise<number>;
  /** What was noted last; `null` = nothing ever. */
  lastMoment(): Promise<number | null>;
}

export interface HousekeepingWriter extends HousekeepingReader {
  /** Removes some of them, oldest first, and leaves out what somebody else holds just now. Answers how many. */
  remove(old: OldRows, most: number): Promise<number>;
  /**
   * Takes or renews the right to keep house, for so many milliseconds by the clock of the store. Answers false when
   * somebody else has it; until the transaction ends nobody can take it away.
   */
  hold(owner: string, milliseconds: number): Promise<boolean>;
  /** Gives it back, where it is still held. */
  release(owner: string): Promise<void>;
  /** Keeps in mind which moment a run goes by, in milliseconds since the epoch. */
  noteMoment(moment: number): Promise<void>;
  /** Keeps in mind that so many audit events have been removed; whoever holds the right. */
  noteRemoved(events: number): Promise<void>;
  /** How many have been removed that nobody has told of; from now on none. */
  takeRemoved(): Promise<number>;
}
