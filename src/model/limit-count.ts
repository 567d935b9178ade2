/** How often something has happened on one instance. */
export interface LimitCount {
  /** What is counted, whose it is and in which span of time; at most 255 characters. */
  readonly id: string;
  readonly count: number;
  /** When it is worth nothing any more; milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface LimitCountWriter {
  /** Notes what an instance has counted, in place of what it noted before. Answers what all others have together, by id. */
  put(instance: string, counts: readonly LimitCount[]): Promise<ReadonlyMap<string, number>>;
}
