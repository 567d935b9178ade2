import { setTimeout } from "node:timers/promises";
import { below, seeded } from "../seeded.ts";
import { ACT_NAMES, type Act } from "./acts.ts";
import { machineTime } from "./clock.ts";
import type { Disturbance } from "./disturbances.ts";
import type { RevocationStage } from "./revocation-stage.ts";
import { type Delay, delayOf, type Origin, type Subject } from "./subject.ts";

export interface Situation {
  /** Default: none. */
  readonly disturb?: Disturbance;
  /** How many are put out in each way by a process, and by the command line. */
  readonly byProcess: number;
  readonly byCommand: number;
  /** Milliseconds from one that a process puts out to the next. Default 50. */
  readonly every?: number;
  /** Milliseconds, at most, that somebody who is known everywhere waits for it. Default 300. */
  readonly linger?: number;
  /** Milliseconds for which nobody who is out may come in again. */
  readonly watch: number;
}

/** How long one person still came in. */
export interface Measured extends Delay {
  readonly act: Act;
  readonly origin: Origin;
}

export interface Outcome {
  readonly measured: readonly Measured[];
  /** How often the disturbance happened; 0 without one. */
  readonly disturbed: number;
  /** Checks of all applications in a second. */
  readonly checksPerSecond: number;
  /** Whatever nobody expected: each makes the figures worthless. */
  readonly odd: readonly string[];
}

/** A command takes its time to start, and more than that where many start at once. */
const COMMANDS_AT_ONCE = 3;
/** Milliseconds until somebody must be known everywhere, and until they must be out everywhere. */
const PATIENCE = 20_000;

/** Puts many people out, in all ways and mixed, while something is wrong; measures how long each still comes in. */
export async function putManyOut(stage: RevocationStage, situation: Situation): Promise<Outcome> {
  const over = new AbortController();
  const disturbing = situation.disturb?.(stage, over.signal) ?? Promise.resolve(0);
  const [begun, before] = [machineTime(), askedOf(stage)];
  try {
    const subjects = await putAllOut(stage, situation);
    const checksPerSecond = (1_000 * (askedOf(stage) - before)) / (machineTime() - begun);
    over.abort();
    return { ...summary(stage, subjects), disturbed: await disturbing, checksPerSecond };
  } finally {
    // Whatever came of it: what was broken on purpose is mended.
    over.abort();
    await disturbing;
  }
}

async function putAllOut(stage: RevocationStage, situation: Situation): Promise<readonly Subject[]> {
  const { byProcess, byCommand, every = 50 } = situation;
  const random = seeded(byProcess + byCommand);
  const subjects: Subject[] = [];
  const one = async (act: Act, origin: Origin, number: number) => {
    subjects.push(await putOneOut(stage, situation, { act, origin, number, random }));
  };
  const processes = async () => {
    const underWay: Promise<void>[] = [];
    for (const [number, act] of mixed(byProcess, random).entries()) {
      const work = one(act, "process", number);
      // It is looked at below, when all have begun.
      work.catch(() => {});
      underWay.push(work);
      await setTimeout(every);
    }
    await Promise.all(underWay);
  };
  const commands = mixed(byCommand, random).values();
  const lane = async () => {
    for (const act of commands) await one(act, "command line", 0);
  };
  await Promise.all([processes(), ...Array.from({ length: COMMANDS_AT_ONCE }, lane)]);
  return subjects;
}

interface Turn {
  readonly act: Act;
  readonly origin: Origin;
  readonly number: number;
  readonly random: () => number;
}

/** From their sign-in until they have been out everywhere for long enough. */
async function putOneOut(stage: RevocationStage, situation: Situation, turn: Turn): Promise<Subject> {
  const { act, origin, number, random } = turn;
  const subject = await stage.signIn(act, origin);
  stage.subjects.add(subject);
  await until(() => subject.seen.every(({ before }) => before >= 2), `${act}: let in everywhere`, subject);
  await setTimeout(below(random, situation.linger ?? 300));
  subject.orderedAt = machineTime();
  subject.returnedAt = await stage.putOut(subject, number);
  const refusedEverywhere = () => subject.seen.every(({ refusedAt }) => refusedAt < Number.POSITIVE_INFINITY);
  await until(refusedEverywhere, `${act}: refused everywhere`, subject);
  const rest = Math.max(...subject.seen.map(({ refusedAt }) => refusedAt)) + situation.watch - machineTime();
  if (rest > 0) await setTimeout(rest);
  stage.subjects.delete(subject);
  return subject;
}

async function until(condition: () => boolean, what: string, { odd }: Subject): Promise<void> {
  const end = machineTime() + PATIENCE;
  while (!condition()) {
    if (machineTime() > end)
      throw new Error(`Not within ${PATIENCE / 1_000} s: ${what}. ${[...new Set(odd)].join(", ")}`);
    await setTimeout(5);
  }
}

/** Each act so often, in an order that nobody planned. */
function mixed(times: number, random: () => number): readonly Act[] {
  return ACT_NAMES.flatMap((act) => Array.from({ length: times }, () => ({ act, place: random() })))
    .toSorted((a, b) => a.place - b.place)
    .map(({ act }) => act);
}

function askedOf({ checkers }: RevocationStage): number {
  return checkers.reduce((sum, { asked }) => sum + asked, 0);
}

function summary({ offices, checkers }: RevocationStage, subjects: readonly Subject[]) {
  const pauses = offices.map((office) => office.pauses);
  const early = checkers.filter(({ answeredWhilePaused }) => answeredWhilePaused > 0);
  return {
    measured: subjects.map((subject) => ({
      act: subject.act,
      origin: subject.origin,
      ...delayOf(subject, pauses),
    })),
    odd: [
      ...subjects.flatMap(({ odd }) => odd),
      ...early.map((each) => `${each.answeredWhilePaused} answers by a process that stood still`),
    ],
  };
}
