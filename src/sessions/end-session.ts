import { isUser, requireMayActOn } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import type { Session } from "../model/session.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";

type Uses = Pick<Runtime, "store" | "sessionCache" | "now">;

/** Who ends sessions, and from where. */
export interface EndedBy {
  /** User id, `cli:…` or `provider:…`. */
  readonly actor: string;
  readonly reason:
    | "signed_out"
    | "signed_out_elsewhere"
    | "signed_out_by_administrator"
    | "signed_out_at_provider"
    | "left_at_provider"
    | "recheck_overdue"
    | "suspended"
    | "deleted"
    | "identity_unlinked"
    | "merged";
  readonly address: string | null;
  /** Why, in the actor's own words. */
  readonly remark?: string | undefined;
}

/**
 * Ends one session of a user, here and in every other process. Answers false when it was not theirs or had ended.
 * @throws PosternError `permission_denied` to whoever is neither that person nor an administrator, nor an owner where it
 * is about one
 */
export async function endSession(
  runtime: Uses,
  session: { id: string; userId: string },
  by: EndedBy,
): Promise<boolean> {
  const ended = await runtime.store.transaction(async (tx) => {
    await requireMayEndSessions(tx, session.userId, by);
    return endSessionWithin(tx, runtime.now(), session, by);
  });
  runtime.sessionCache.forgetSession(session.id);
  return ended;
}

/** Whoever it is may always sign themselves out, whatever has become of them. */
async function requireMayEndSessions(
  tx: Pick<StoreTransaction, "users" | "grants">,
  userId: string,
  { actor }: EndedBy,
): Promise<void> {
  // Nobody who is trusted waits for the row: a provider that signs somebody out must get through.
  if (actor !== userId && isUser(actor)) await requireMayActOn(tx, actor, userId);
}

/**
 * The same as part of a larger change, whose rights the caller has looked at; it makes the cache forget the session once
 * it is committed.
 */
export async function endSessionWithin(
  tx: Pick<StoreTransaction, "sessions" | "audit">,
  now: number,
  session: { id: string; userId: string },
  by: EndedBy,
): Promise<boolean> {
  const stored = await tx.sessions.get(session.id);
  if (stored?.userId !== session.userId) return false;
  return (await endSessionsOf(tx, now, [session.id], by)).length > 0;
}

/** Ends sessions whoever they belong to, as part of a larger change. Answers those that were there. */
export async function endSessionsOf(
  tx: Pick<StoreTransaction, "sessions" | "audit">,
  now: number,
  ids: readonly string[],
  by: EndedBy,
): Promise<readonly Session[]> {
  const ended = await tx.sessions.delete(ids);
  for (const one of ended) await tx.audit.insert(sessionEnded(now, one, by));
  return ended;
}

/** Ends all sessions of a user but `except`. Answers how many there were. @throws as `endSession` does */
export async function endSessionsOfUser(
  runtime: Uses,
  userId: string,
  by: EndedBy,
  except?: string,
): Promise<number> {
  const count = await runtime.store.transaction(async (tx) => {
    await requireMayEndSessions(tx, userId, by);
    return endSessionsWithin(tx, runtime.now(), userId, by, except);
  });
  runtime.sessionCache.forgetUser(userId);
  return count;
}

/** The same as part of a larger change; the caller makes the cache forget the user once it is committed. */
export async function endSessionsWithin(
  tx: Pick<StoreTransaction, "sessions" | "audit">,
  now: number,
  userId: string,
  by: EndedBy,
  except?: string,
): Promise<number> {
  const ended = await tx.sessions.deleteOfUser(userId, except);
  for (const one of ended) await tx.audit.insert(sessionEnded(now, one, by));
  return ended.length;
}

/** The same for these sessions alone. */
export async function endSessionListWithin(
  tx: Pick<StoreTransaction, "sessions" | "audit">,
  now: number,
  sessions: readonly Pick<Session, "id">[],
  by: EndedBy,
): Promise<number> {
  const ended = await tx.sessions.delete(sessions.map(({ id }) => id));
  for (const one of ended) await tx.audit.insert(sessionEnded(now, one, by));
  return ended.length;
}

function sessionEnded(now: number, session: Session, by: EndedBy) {
  return newEvent(now, {
    action: "session.ended",
    actor: by.actor,
    target: session.id,
    reason: by.reason,
    address: by.address,
    detail: {
      userId: session.userId,
      provider: session.provider,
      createdAt: session.createdAt,
      ...(by.remark !== undefined && { reason: by.remark }),
    },
  });
}
