import { newEvent } from "../audit/new-event.ts";
import { newReference } from "../crypto/random.ts";
import type { AuditEvent } from "../model/audit-event.ts";
import { LIMITS, type LimitName } from "../model/limit-settings.ts";
import type { Log } from "../model/log.ts";
import type { Store } from "../model/store.ts";

/** Whose count it is, and what the audit log tells of them. */
export interface Counted {
  /** `null` = not known: then nothing is counted. */
  readonly key: string | null;
  readonly address?: string | null;
  readonly userId?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Tells of limits that are reached: one event when it begins and one when it is over, however much was refused between. */
export interface Notices {
  /** Somebody was refused. Answers what finds the event; `null` = there are too many to tell of each. */
  refused(name: LimitName, who: Counted, most: number): string | null;
  /** Tells of those that are over. */
  settle(): Promise<void>;
  /** Tells of all that have begun: nobody else knows how many this instance has refused. */
  close(): Promise<void>;
}

interface Notice {
  readonly name: LimitName;
  readonly who: Counted;
  readonly reference: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  refused: number;
}

/** How many go on at once; whoever comes after them is refused without an event of their own. */
const MOST_NOTICES = 200;
/** How often to look whether one is over, in milliseconds. */
const TICK = 30_000;

interface Uses {
  readonly store: Pick<Store, "transaction">;
  readonly now: () => number;
  readonly log: Log;
}

export function createNotices({ store, now, log }: Uses): Notices {
  const going = new Map<string, Notice>();
  const writing = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;

  function write(events: readonly AuditEvent[]): Promise<void> {
    const written = store
      .transaction(async (tx) => {
        for (const event of events) await tx.audit.insert(event);
      })
      .catch((error: unknown) => log.warn({ err: error }, "the audit log could not be told of a limit"))
      .finally(() => writing.delete(written));
    writing.add(written);
    return written;
  }

  /** A clock that was set back must not make one go on for ever. */
  const isOver = ({ name, since }: Notice) => Math.abs(now() - since) >= LIMITS[name].within;

  async function end(which: (notice: Notice) => boolean): Promise<void> {
    const over = [...going].filter(([, notice]) => which(notice));
    for (const [id] of over) going.delete(id);
    if (going.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
    if (over.length > 0) await write(over.map(([, notice]) => passed(notice, now())));
  }

  return {
    refused(name, who, most) {
      const id = `${name} ${who.key}`;
      const known = going.get(id);
      if (known !== undefined && !isOver(known)) {
        known.refused++;
        return known.reference;
      }
      if (known !== undefined) void end((notice) => notice === known);
      if (going.size >= MOST_NOTICES) return null;
      const notice = { name, who, reference: newReference(), since: now(), refused: 1 };
      going.set(id, notice);
      timer ??= setInterval(() => void end(isOver), TICK).unref();
      log.warn({ limit: name, most, reference: notice.reference, ...shownOf(who) }, "a limit is reached");
      void write([reached(notice, most)]);
      return notice.reference;
    },
    settle: () => end(isOver),
    async close() {
      await end(() => true);
      await Promise.all(writing);
    },
  };
}

function reached({ name, who, reference, since }: Notice, most: number): AuditEvent {
  const { userId, address = null, detail } = who;
  return newEvent(since, {
    action: "limit.reached",
    reference,
    reason: name,
    address,
    ...(userId !== undefined && { actor: userId, target: userId }),
    detail: { most, withinSeconds: LIMITS[name].within / 1_000, ...detail },
  });
}

function passed({ name, who, since, refused, reference }: Notice, now: number): AuditEvent {
  const { userId, address = null, detail } = who;
  return newEvent(now, {
    action: "limit.passed",
    reason: name,
    address,
    ...(userId !== undefined && { actor: userId, target: userId }),
    detail: { refused, since: new Date(since).toISOString(), reached: reference, ...detail },
  });
}

function shownOf({ userId, address }: Counted): object {
  return { ...(userId !== undefined && { userId }), ...(address !== undefined && { address }) };
}
