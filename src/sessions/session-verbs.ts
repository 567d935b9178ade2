import type { Session } from "../model/session.ts";
import type { Runtime } from "../runtime.ts";
import { endSession, endSessionsOfUser } from "./end-session.ts";

/**
 * What can be asked and done about signed-in browsers. `actor` is who does it: a user id, whose right is checked, or
 * `job:nightly`, which needs none. `reason` is why, in their own words.
 */
export interface SessionVerbs {
  /** Newest first; the hash of the secret stays inside. */
  ofUser(userId: string): Promise<readonly Omit<Session, "secretHash">[]>;
  /** Ends one session, effective everywhere within a second; false = there is none. @throws PosternError `permission_denied` */
  end(
    session: { readonly id: string; readonly userId: string },
    actor: string,
    reason?: string,
  ): Promise<boolean>;
  /** Ends all sessions of a user; answers how many. @throws PosternError `permission_denied` */
  endAllOf(userId: string, actor: string, reason?: string): Promise<number>;
}

/** Binds the verbs about sessions to a runtime. */
export function sessionVerbs(runtime: Runtime): SessionVerbs {
  const by = (actor: string, remark?: string) =>
    ({ actor, reason: "signed_out_by_administrator", address: null, remark }) as const;
  return {
    async ofUser(userId) {
      const sessions = await runtime.store.sessions.ofUser(userId);
      return sessions.map(({ secretHash: _, ...session }) => session);
    },
    end: (session, actor, reason) => endSession(runtime, session, by(actor, reason)),
    endAllOf: (userId, actor, reason) => endSessionsOfUser(runtime, userId, by(actor, reason)),
  };
}
