/**
 * When somebody is looked at again at the provider that vouched for them: whether they still belong there. One row for
 * each identity whose tokens are kept. Times are milliseconds since the epoch.
 */
export interface Recheck {
  readonly identityId: string;
  readonly dueAt: number;
  /** When the provider last vouched for them, at a sign-in or when it was asked again, or could not be asked without one. */
  readonly confirmedAt: number;
  /** How often in a row it could not be found out. */
  readonly failures: number;
  /** How often in a row, and last of all, their token was refused: those are among the failures. */
  readonly refusals: number;
}

export interface RecheckClaim {
  readonly now: number;
  /** Milliseconds. What is due later than that has been put off by a clock that was wrong, and is due now. */
  readonly farthest: number;
  readonly limit: number;
}

export interface RecheckReader {
  /** `null` = nobody looks at this identity again. */
  get(identityId: string): Promise<Recheck | null>;
}

export interface RecheckWriter extends RecheckReader {
  /** Notes when somebody is due, whether they were noted before or not. */
  put(recheck: Recheck): Promise<void>;
  /**
   * Takes those who are due, each by one of however many look at once, and puts them off until `next` so that somebody
   * else takes over when this process ends. Answers them as they were.
   */
  claim(claim: RecheckClaim, next: (recheck: Recheck) => number): Promise<readonly Recheck[]>;
  /** Answers false when a sign-in, or another process, was faster: then that counts. */
  settle(before: Pick<Recheck, "identityId" | "dueAt">, after: Omit<Recheck, "identityId">): Promise<boolean>;
}
