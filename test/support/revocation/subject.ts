import { ACTS, type Act } from "./acts.ts";
import type { Pause } from "./guarded-office.ts";

/** Who puts somebody out. */
export type Origin = "process" | "command line";

/** An answer that let somebody in. Both moments are the client's, `machineTime`. */
interface Allowed {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/** What one application has answered about one person. */
export interface Seen {
  askedAt: number;
  /** How often it let them in before they were to be put out: twice means that it holds them in its cache. */
  before: number;
  /** Since they were to be put out. */
  readonly allowed: Allowed[];
  /** When it first refused, if that was asked after they had been put out. */
  refusedAt: number;
}

/** Somebody with a session that is under test. */
export interface Subject {
  readonly act: Act;
  readonly origin: Origin;
  readonly userId: string;
  readonly sessionId: string;
  readonly cookie: string;
  /** For each application. */
  readonly seen: readonly Seen[];
  /** When it was ordered, and when the call had returned; `Infinity` = not yet. */
  orderedAt: number;
  returnedAt: number;
  /** Answers that were neither, such as 503; and refusals before anything had happened. */
  readonly odd: string[];
}

export function newSubject(who: Omit<Subject, "seen" | "orderedAt" | "returnedAt" | "odd">, offices: number) {
  const seen = Array.from({ length: offices }, () => ({
    askedAt: Number.NEGATIVE_INFINITY,
    before: 0,
    allowed: [],
    refusedAt: Number.POSITIVE_INFINITY,
  }));
  const never = Number.POSITIVE_INFINITY;
  return { ...who, seen, orderedAt: never, returnedAt: never, odd: [] } satisfies Subject;
}

/** Notes what the application with this number has answered. */
export function note(
  subject: Subject,
  office: number,
  { sentAt, answeredAt, status }: Allowed & { readonly status: number },
): void {
  const seen = subject.seen[office];
  if (seen === undefined) return;
  const ordered = answeredAt >= subject.orderedAt;
  if (status === 200) {
    if (ordered) seen.allowed.push({ sentAt, answeredAt });
    else seen.before++;
  } else if (ordered && status === ACTS[subject.act].refusal) {
    seen.refusedAt = Math.min(seen.refusedAt, answeredAt);
  } else {
    subject.odd.push(`${status} ${ordered ? "after" : "before"} "${subject.act}"`);
  }
}

/** How long somebody still came in anywhere after the call that put them out had returned, in milliseconds. */
export interface Delay {
  /**
   * Until the last request was sent that let them in: for so long it is certain. What was sent to an application that
   * stood still counts as sent when that went on, because it cannot have decided any earlier.
   */
  readonly asked: number;
  /**
   * Until the last answer had arrived that let them in, of those that were asked for after that moment, with all the time
   * that the client took. An application that stood still answers for itself from when it went on.
   */
  readonly answered: number;
}

/** `pauses` are those of each application. */
export function delayOf({ seen, returnedAt }: Subject, pauses: readonly (readonly Pause[])[]): Delay {
  const late = seen.flatMap(({ allowed }, office) =>
    allowed
      .filter(({ sentAt }) => sentAt > returnedAt)
      .map(({ sentAt, answeredAt }) => ({
        asked: arrivedAt(pauses[office], sentAt) - returnedAt,
        answered: answeredAt - Math.max(returnedAt, wentOnAt(pauses[office], answeredAt)),
      })),
  );
  return {
    asked: Math.max(0, ...late.map(({ asked }) => asked)),
    answered: Math.max(0, ...late.map(({ answered }) => answered)),
  };
}

/** When an application can have seen what was sent at this moment. */
function arrivedAt(pauses: readonly Pause[] = [], sentAt: number): number {
  return pauses.find(({ from, until }) => from < sentAt && sentAt < until)?.until ?? sentAt;
}

/** When an application last went on before this moment. */
function wentOnAt(pauses: readonly Pause[] = [], before: number): number {
  return Math.max(...pauses.map(({ until }) => (until < before ? until : Number.NEGATIVE_INFINITY)));
}
