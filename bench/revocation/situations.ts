import {
  cutListening,
  type Disturbance,
  killRedis,
  pauseOffice,
  pauseRedis,
  together,
} from "../../test/support/revocation/disturbances.ts";
import type { Situation } from "../../test/support/revocation/put-many-out.ts";

/** Milliseconds for which nobody who is out may come in again: longer than anything is believed. */
const WATCH = 1_500;
/** Of so many people one is put out by the command line, which takes a third of a second to start. */
const BY_COMMAND = 12;

/** What goes wrong, and which share of the people is put out meanwhile. */
interface Row {
  readonly name: string;
  readonly disturb?: Disturbance;
  readonly share: number;
  readonly linger?: number;
}

interface NamedSituation extends Situation {
  readonly name: string;
}

const QUIET: Row = { name: "Nothing is wrong", share: 1 };
const CUT: Row = { name: "LISTEN is cut again and again", disturb: cutListening, share: 1 };
// They wait for as long as a process stands still and goes on, so that most are put out meanwhile.
const PAUSED: Row = {
  name: "One process stands still for 3 s",
  disturb: pauseOffice,
  share: 1,
  linger: 3_000,
};

const ROWS = {
  postgres: [QUIET, CUT, PAUSED],
  redis: [
    QUIET,
    CUT,
    PAUSED,
    { name: "Redis is killed and comes back", disturb: killRedis, share: 1 },
    { name: "Redis stands still", disturb: pauseRedis, share: 1 },
    { name: "Redis is killed and LISTEN is cut", disturb: together(killRedis, cutListening), share: 1 },
  ],
  mariadb: [{ ...QUIET, share: 0.2 }],
} as const satisfies Record<string, readonly Row[]>;

export type Kind = keyof typeof ROWS;
export const KINDS = Object.keys(ROWS) as readonly Kind[];

/** The situations of one kind of servers, in which so many people are put out in each way. */
export function situationsOf(kind: Kind, people: number): readonly NamedSituation[] {
  const rows: readonly Row[] = ROWS[kind];
  return rows.map(({ share, ...row }) => {
    const all = Math.ceil((people * share) / rows.length);
    const byCommand = Math.ceil(all / BY_COMMAND);
    return { ...row, byProcess: all - byCommand, byCommand, every: EVERY, watch: WATCH };
  });
}

/** Milliseconds from one person to the next. */
const EVERY = 40;
