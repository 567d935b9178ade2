import { Agent, get } from "node:http";
import { machineTime } from "./clock.ts";
import type { GuardedOffice } from "./guarded-office.ts";
import { note, type Subject } from "./subject.ts";

/** Milliseconds between two checks: 200 a second. */
const EVERY = 5;
/** Connections to one application; more than these wait for nothing but one that stands still. */
const MOST_UNDER_WAY = 400;
/** Of so many checks one is for those whose turn is not urgent. */
const TURN = 3;
/** Milliseconds that SIGSTOP, and an answer that is on its way, may take. */
const STILL_COMING = 100;

/** Asks one application 200 times a second for whoever is under test. */
export interface Checker {
  readonly asked: number;
  /** Answers to what was asked while the application stood still, that came while it did. */
  readonly answeredWhilePaused: number;
  stop(): void;
}

/** `office` is its number. Most checks are for those who have just been put out. */
export function startChecker(target: GuardedOffice, office: number, subjects: ReadonlySet<Subject>): Checker {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 32 });
  const { host } = new URL(target.url);
  const port = Number(host.split(":")[1]);
  const counts = { asked: 0, underWay: 0, answeredWhilePaused: 0 };
  const begun = machineTime();
  let due = 0;
  let stopped = false;

  function ask(subject: Subject): void {
    const sentAt = machineTime();
    const seen = subject.seen[office];
    if (seen !== undefined) seen.askedAt = sentAt;
    counts.asked++;
    counts.underWay++;
    const headers = { host, cookie: subject.cookie, accept: "application/json" };
    const request = get({ agent, host: "127.0.0.1", port, path: "/orders", headers }, (response) => {
      const answeredAt = machineTime();
      counts.underWay--;
      response.resume();
      if (target.pauses.some(({ from, until }) => sentAt > from + STILL_COMING && answeredAt < until))
        counts.answeredWhilePaused++;
      note(subject, office, { sentAt, answeredAt, status: response.statusCode ?? 0 });
    });
    request.on("error", (error) => {
      counts.underWay--;
      // More may knock at a process that stands still than its system keeps waiting. Nobody comes in by that.
      const now = machineTime();
      const stoodStill = target.pauses.some(({ from, until }) => sentAt < until + STILL_COMING && now > from);
      if (!stopped && !stoodStill) subject.odd.push(error.message);
    });
  }

  const timer = setInterval(() => {
    const now = Math.floor((machineTime() - begun) / EVERY);
    // What was missed because this process was late is not made up for: it would be a burst.
    for (due = Math.max(due, now - 2); due < now; due++) {
      const subject = counts.underWay < MOST_UNDER_WAY ? next(subjects, office, due % TURN === 0) : null;
      if (subject !== null) ask(subject);
    }
  }, EVERY);
  return {
    get asked() {
      return counts.asked;
    },
    get answeredWhilePaused() {
      return counts.answeredWhilePaused;
    },
    stop() {
      stopped = true;
      clearInterval(timer);
      agent.destroy();
    },
  };
}

/** Who has waited longest, among those who are urgent if there are any. */
function next(subjects: ReadonlySet<Subject>, office: number, others: boolean): Subject | null {
  const urgent: Subject[] = [];
  const rest: Subject[] = [];
  for (const subject of subjects) (isUrgent(subject, office) ? urgent : rest).push(subject);
  const [first, second] = others ? [rest, urgent] : [urgent, rest];
  return longestUnasked(first, office) ?? longestUnasked(second, office);
}

/** Not yet known there, or put out and not yet refused. */
function isUrgent({ seen, orderedAt }: Subject, office: number): boolean {
  const mine = seen[office];
  if (mine === undefined) return false;
  if (orderedAt === Number.POSITIVE_INFINITY) return mine.before < 2;
  return mine.refusedAt === Number.POSITIVE_INFINITY;
}

function longestUnasked(subjects: readonly Subject[], office: number): Subject | null {
  let found: Subject | null = null;
  const askedAt = (subject: Subject) => subject.seen[office]?.askedAt ?? Number.NEGATIVE_INFINITY;
  for (const subject of subjects) if (found === null || askedAt(subject) < askedAt(found)) found = subject;
  return found;
}
