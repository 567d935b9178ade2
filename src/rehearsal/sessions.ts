import { randomUUID } from "node:crypto";

/** A session at the provider: of one person, for one application. */
export interface RehearsalSession {
  readonly sid: string;
  readonly clientId: string;
  readonly personaId: string;
  readonly ended: boolean;
}

export interface Sessions {
  /** Begins one; answers its `sid`. */
  begin(clientId: string, personaId: string): string;
  find(sid: string): RehearsalSession | null;
  /** The newest of a person at an application. */
  latest(clientId: string, personaId: string): RehearsalSession | null;
  /** Answers false when there is none, or it had ended. */
  end(sid: string): boolean;
}

/** As many as anybody rehearses with; older ones are forgotten. */
const MOST = 10_000;

/** Keeps who is signed in where, in memory. No browser is remembered by it: it is there to be ended. */
export function createSessions(): Sessions {
  const sessions = new Map<string, RehearsalSession>();
  return {
    begin(clientId, personaId) {
      const sid = randomUUID();
      const [oldest] = sessions.keys();
      if (sessions.size >= MOST && oldest !== undefined) sessions.delete(oldest);
      sessions.set(sid, { sid, clientId, personaId, ended: false });
      return sid;
    },
    find: (sid) => sessions.get(sid) ?? null,
    latest: (clientId, personaId) =>
      [...sessions.values()].findLast(
        (session) => session.clientId === clientId && session.personaId === personaId,
      ) ?? null,
    end(sid) {
      const session = sessions.get(sid);
      if (session === undefined || session.ended) return false;
      sessions.set(sid, { ...session, ended: true });
      return true;
    },
  };
}
