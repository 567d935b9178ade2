import { newEvent } from "../audit/new-event.ts";
import type { Log } from "../model/log.ts";
import type { Session } from "../model/session.ts";
import type { Store } from "../model/store.ts";

/** A session that opens nothing, because its provider is not configured. */
export type TurnedAwaySession = Pick<Session, "id" | "userId" | "provider">;

/** Tells of those who come with such a session: the audit log of each once, the log of each provider, in this process. */
export interface TurnedAway {
  /** Answers false when it is told of already. */
  note(session: TurnedAwaySession): boolean;
  /** Writes what has been noted. Never throws: the next visit notes it again. */
  flush(): Promise<void>;
}

/** More sessions than that are not told of: it is a mistake in the configuration, and known by then. */
const MOST = 10_000;

/** `now` in milliseconds since the epoch. */
export function createTurnedAway(store: Pick<Store, "transaction">, log: Log, now: () => number): TurnedAway {
  const told = new Set<string>();
  const warned = new Set<string>();
  let noted: TurnedAwaySession[] = [];
  return {
    note({ id, userId, provider }) {
      if (told.has(id) || told.size >= MOST) return false;
      if (!warned.has(provider)) log.warn({ provider }, ADVICE);
      warned.add(provider);
      told.add(id);
      noted.push({ id, userId, provider });
      return true;
    },
    async flush() {
      const batch = noted;
      noted = [];
      if (batch.length === 0) return;
      try {
        await store.transaction(async (tx) => {
          for (const session of batch) await tx.audit.insert(refused(now(), session));
        });
      } catch (error) {
        for (const { id } of batch) told.delete(id);
        log.warn({ err: error, sessions: batch.length }, "could not write who was turned away");
      }
    },
  };
}

const ADVICE =
  "Sessions of a provider that is not configured open nothing. Where its id was changed by mistake, change it back.";

function refused(now: number, { id, userId, provider }: TurnedAwaySession) {
  return newEvent(now, {
    action: "session.refused",
    actor: userId,
    target: id,
    reason: "provider_not_configured",
    detail: { userId, provider },
  });
}
