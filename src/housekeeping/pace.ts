/** How much is done at a time: as much as nobody notices. */
export interface Pace {
  /** How many rows in the next transaction. */
  readonly rows: number;
  /** Tells how long that took, in milliseconds; answers how long to leave the store to others. */
  took(milliseconds: number): number;
}

/** How long a transaction should take, in milliseconds. */
const AIM = 8;
/** Below this it is the commit that takes the time. */
const FEWEST = 100;
const MOST = 500;
/** Of the time, this part is everybody else's. */
const SHARE_OF_OTHERS = 4;
const SHORTEST_PAUSE = 10;
const LONGEST_PAUSE = 5_000;

/** Begins with few and follows what this store, on this machine, under the load of this moment, takes in its stride. */
export function createPace(): Pace {
  let rows = FEWEST;
  return {
    get rows() {
      return rows;
    },
    took(milliseconds) {
      const factor = Math.min(Math.max(AIM / Math.max(milliseconds, 0.1), 0.25), 1.5);
      rows = Math.round(Math.min(Math.max(rows * factor, FEWEST), MOST));
      return Math.min(Math.max(milliseconds * SHARE_OF_OTHERS, SHORTEST_PAUSE), LONGEST_PAUSE);
    },
  };
}
