/** How much is measured. */
export interface Size {
  readonly name: "full" | "short" | "quick";
  /** Rounds of A/B: the bare server, then the target. */
  readonly rounds: number;
  /** How long each of them is asked in a round. */
  readonly seconds: number;
  /** Requests of each route before any is counted: by number, since compilers count too. */
  readonly warmUpRequests: number;
  /** How often a round is tried again in which somebody else used the server's core. */
  readonly retries: number;
  /** Sign-ins before any is counted, and in each round. */
  readonly warmUpSignIns: number;
  readonly signIns: number;
  readonly starts: number;
  /** Sign-ins after which memory is looked at. */
  readonly manySignIns: number;
  /** Stored sessions at which growth is looked at; memory at the second. */
  readonly stored: readonly number[];
}

export const SIZES: Readonly<Record<Size["name"], Size>> = {
  full: {
    name: "full",
    rounds: 5,
    seconds: 1,
    warmUpRequests: 20_000,
    retries: 2,
    warmUpSignIns: 300,
    signIns: 200,
    starts: 5,
    manySignIns: 10_000,
    stored: [1_000, 100_000, 1_000_000],
  },
  short: {
    name: "short",
    rounds: 3,
    seconds: 0.5,
    warmUpRequests: 20_000,
    retries: 1,
    warmUpSignIns: 300,
    signIns: 40,
    starts: 3,
    manySignIns: 300,
    stored: [1_000, 5_000],
  },
  quick: {
    name: "quick",
    rounds: 1,
    seconds: 0.15,
    warmUpRequests: 64,
    retries: 0,
    warmUpSignIns: 4,
    signIns: 8,
    starts: 1,
    manySignIns: 16,
    stored: [100, 200],
  },
};
