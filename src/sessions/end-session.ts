import { isUser, requireMayActOn } from "../access/actor-rights.ts";
import { newEvent } from "../audit/new-event.ts";
import type { Session } from "../model/session.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { revokeTokens } from "../vault/revoke-tokens.ts";
import type { TakenTokens } from "../vault/take-tokens.ts";
import { takeUnused } from "../vault/take-unused.ts";

type Within = Pick<Runtime, "settings" | "sealer" | "now">;
type Uses = Within & Pick<Runtime, "store" | "sessionCache" | "providers" | "log">;
type EndingTransaction = Pick<StoreTransaction, "users" | "sessions" | "tokens" | "audit">;

/** Who ends sessions, and from where. */
export interface EndedBy {
  /** User id, `cli:…` or `provider:…`. */
  readonly actor: string;
  readonly reason:
    | "signed_out"
    | "signed_out_elsewhere"
    | "signed_out_everywhere"
    | "signed_out_by_administrator"
    | "signed_out_at_provider"
    | "left_at_provider"
    | "recheck_overdue"
    | "replaced"
    | "suspended"
    | "deleted"
    | "identity_unlinked"
    | "merged";
  readonly address: string | null;
  /** Why, in the actor's own words. */
  readonly remark?: string | undefined;
}

/** What has ended as part of a larger change; `afterEnding` does the rest once it is committed. */
export interface Ending {
  /** Those that were there. */
  readonly sessions: readonly Session[];
  /** Tokens that are kept no longer, to be revoked at their providers. */
  readonly taken: readonly TakenTokens[];
}

/**
 * Nobody has ended these, their time was up: then tokens stay, for the application, which may go on for somebody who is
 * not there, and for looking at them again.
 */
const BY_TIME: readonly EndedBy["reason"][] = ["recheck_overdue"];

/**
 * Ends one session of a user, here and in every other process. Answers false when it was not theirs or had ended.
 * @throws PosternError `permission_denied` to whoever is neither that person nor an administrator, nor an owner where it
 * is about one
 */
export async function endSession(
  runtime: Uses,
  { id, userId }: Pick<Session, "id" | "userId">,
  by: EndedBy,
): Promise<boolean> {
  const ending = await runtime.store.transaction(async (tx) => {
    await requireMayEndSessions(tx, userId, by);
    const stored = await tx.sessions.get(id);
    return stored?.userId === userId ? endSessionsWithin(runtime, tx, [id], by) : NOTHING;
  });
  runtime.sessionCache.forgetSession(id);
  afterEnding(runtime, ending);
  return ending.sessions.length > 0;
}

const NOTHING: Ending = { sessions: [], taken: [] };

/** Whoever it is may always sign themselves out, whatever has become of them. */
async function requireMayEndSessions(
  tx: Pick<StoreTransaction, "users" | "grants">,
  userId: string,
  { actor }: EndedBy,
): Promise<void> {
  if (actor !== userId && isUser(actor)) await requireMayActOn(tx, actor, userId);
}

/** Ends all sessions of a user but `except`. Answers how many there were. @throws as `endSession` does */
export async function endSessionsOfUser(
  runtime: Uses,
  userId: string,
  by: EndedBy,
  except?: string,
): Promise<number> {
  const ending = await runtime.store.transaction(async (tx) => {
    await requireMayEndSessions(tx, userId, by);
    return endAllSessionsWithin(runtime, tx, userId, by, except);
  });
  runtime.sessionCache.forgetUser(userId);
  afterEnding(runtime, ending);
  return ending.sessions.length;
}

/** All sessions of a user but `except`, as part of a larger change. */
export async function endAllSessionsWithin(
  runtime: Within,
  tx: EndingTransaction,
  userId: string,
  by: EndedBy,
  except?: string,
): Promise<Ending> {
  // Locked before they are listed: whoever comes in at this moment is either in the list, or comes after the change.
  await tx.users.lock(userId);
  const theirs = (await tx.sessions.ofUser(userId)).filter(({ id }) => id !== except);
  return endSessionsWithin(
    runtime,
    tx,
    theirs.map(({ id }) => id),
    by,
  );
}

/**
 * Ends sessions whoever they belong to, as part of a larger change, and takes out the tokens that nobody is left for: THE
 * ONE PLACE where sessions end before their time. Locks their people, so it comes before `lockOwners` unless they are
 * locked already.
 */
export async function endSessionsWithin(
  runtime: Within,
  tx: EndingTransaction,
  ids: readonly string[],
  by: EndedBy,
): Promise<Ending> {
  // People before their sessions, and in order: two endings at once must not wait for each other.
  const owners = new Set<string>();
  for (const id of ids) owners.add((await tx.sessions.get(id))?.userId ?? "");
  for (const userId of [...owners].filter((id) => id !== "").sort()) await tx.users.lock(userId);

  const sessions = await tx.sessions.delete(ids);
  const taken: TakenTokens[] = [];
  for (const [userId, theirs] of Map.groupBy(sessions, (session) => session.userId)) {
    const identityIds = theirs.map(({ identityId }) => identityId);
    if (!BY_TIME.includes(by.reason)) taken.push(...(await takeUnused(runtime, tx, userId, identityIds)));
  }
  for (const one of sessions) await tx.audit.insert(sessionEnded(runtime.now(), one, by, taken));
  return { sessions, taken };
}

/** What is left to do once an ending is committed. Waits for no provider, and never throws. */
export function afterEnding(
  runtime: Pick<Uses, "sessionCache" | "providers" | "log">,
  { sessions, taken }: Ending,
): void {
  for (const { id } of sessions) runtime.sessionCache.forgetSession(id);
  void revokeTokens(runtime, taken);
}

function sessionEnded(now: number, session: Session, by: EndedBy, taken: readonly TakenTokens[]) {
  const { userId, provider, createdAt } = session;
  const givenUp = taken.filter((one) => one.userId === userId).map(({ identityId }) => identityId);
  return newEvent(now, {
    action: "session.ended",
    actor: by.actor,
    target: session.id,
    reason: by.reason,
    address: by.address,
    detail: {
      ...{ userId, provider, createdAt },
      ...(givenUp.length > 0 && { tokensGivenUp: givenUp }),
      ...(by.remark !== undefined && { reason: by.remark }),
    },
  });
}
