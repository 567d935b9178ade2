import { nextQuestion } from "../access/decide-access.ts";
import { deriveRoles } from "../access/derive-roles.ts";
import { newEvent } from "../audit/new-event.ts";
import type { Identity } from "../model/identity.ts";
import type { Recheck } from "../model/recheck.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding, type EndedBy, type Ending, endSessionsWithin } from "../sessions/end-session.ts";
import { takeTokens } from "../vault/take-tokens.ts";
import type { TokenBroker } from "../vault/token-broker.ts";
import { findKeptIdentity } from "./find-kept-identity.ts";
import { judgeLook } from "./judge-look.ts";
import { type Look, lookAgain } from "./look-again.ts";
import { isOverdue, untilNext } from "./recheck-times.ts";

type Uses = Pick<
  Runtime,
  "settings" | "store" | "policy" | "providers" | "sessionCache" | "sealer" | "now" | "log"
>;

/** What came of looking at somebody again. */
export type Rechecked = "still_there" | "left" | "untold" | "needs_a_sign_in" | "overdue" | "superseded";

export interface RecheckInput {
  /** As it was taken. */
  readonly recheck: Recheck;
  /** When it is due again while nobody has settled it. */
  readonly heldUntil: number;
  /** From [0, 1). */
  readonly random: number;
}

/**
 * Looks at somebody again: asks their provider, and brings roles and sessions in line with what the rules make of the
 * answer. Only a plain answer takes anything away; what cannot be told changes nothing until the grace period is over.
 */
export async function recheckIdentity(
  runtime: Uses,
  broker: Pick<TokenBroker, "renewed">,
  input: RecheckInput,
): Promise<Rechecked> {
  const identity = await findKeptIdentity(runtime.store, input.recheck.identityId);
  if (identity === null) return "superseded";
  const look = await lookAgain(runtime, broker, identity);
  const {
    outcome,
    userId,
    ending = null,
  } = await runtime.store.transaction((tx) => settle(runtime, tx, input, identity, look));
  if (userId !== null) runtime.sessionCache.forgetUser(userId);
  if (ending !== null) afterEnding(runtime, ending);
  return outcome;
}

interface Settled {
  readonly outcome: Rechecked;
  /** Whose sessions or roles may have changed. */
  readonly userId: string | null;
  readonly ending?: Ending;
}

const SUPERSEDED: Settled = { outcome: "superseded", userId: null };

async function settle(
  runtime: Uses,
  tx: StoreTransaction,
  { recheck, heldUntil, random }: RecheckInput,
  before: Identity,
  look: Look,
): Promise<Settled> {
  const { settings } = runtime;
  const times = settings.recheck;
  if (times === null) return SUPERSEDED;
  const now = runtime.now();

  // 1. As things are now: whoever signed in, was suspended or deleted meanwhile is not judged by an older answer.
  const policy = await runtime.policy.within(tx);
  const kept = await findKeptIdentity(tx, recheck.identityId);
  // What the provider called worthless was dropped while we asked, and the row of the recheck with it.
  const identity = kept ?? (saysGone(look) ? await stillTheirs(tx, before) : null);
  if (identity === null || (await tx.users.lock(identity.userId)) === null) return SUPERSEDED;
  const { userId } = identity;

  // Rules that have changed while the provider was asked may want to know something else: then it is asked once more.
  if (look.kind === "seen" && nextQuestion(policy, { provider: identity.provider, ...look }) !== null) {
    const { confirmedAt, failures } = recheck;
    const soon = { dueAt: now + SOON, confirmedAt, failures, refusals: 0 };
    await tx.rechecks.settle({ identityId: identity.id, dueAt: heldUntil }, soon);
    return SUPERSEDED;
  }

  // 2. What does it mean? Where only a sign-in can tell, the grace period does not run either: that is for outages.
  const verdict = await judgeLook(runtime, tx, { policy, identity, recheck, look });
  const failures = verdict === "untold" ? recheck.failures + 1 : 0;
  const confirmedAt = verdict === "untold" ? recheck.confirmedAt : now;
  const dueAt = now + (look.kind === "refused" ? SOON : untilNext(times, failures, random));
  const refusals = look.kind === "refused" ? recheck.refusals + 1 : 0;
  const held = { identityId: identity.id, dueAt: heldUntil };
  const after = { dueAt, confirmedAt, failures, refusals };
  if (kept !== null && !(await tx.rechecks.settle(held, after))) return SUPERSEDED;

  // 3. Roles follow the account by which a sign-in has derived them, sessions the one that opened them.
  if (verdict === "untold") {
    // Without tokens nobody can be looked at again.
    if (kept !== null && !isOverdue(times, recheck.confirmedAt, now))
      return { outcome: "untold", userId: null };
    return {
      outcome: "overdue",
      userId,
      ending: await endSessions(runtime, tx, identity, "recheck_overdue"),
    };
  }
  if (verdict === "needs_a_sign_in") return { outcome: verdict, userId: null };
  if ((await tx.identities.lastDerived(userId)) === identity.id)
    await deriveRoles(tx, settings, now, userId, verdict.roles);
  if (verdict.kind === "still_there") return { outcome: verdict.kind, userId };
  return { outcome: verdict.kind, userId, ending: await putOut(runtime, tx, identity) };
}

/** When somebody is looked at again whose token was refused, or about whom the rules ask anew; in milliseconds. */
const SOON = 60_000;

/** Whether the provider has said so of their tokens. A sign-in since then has brought new ones. */
function saysGone({ kind }: Look): boolean {
  return kind === "left" || kind === "spent";
}

/** The identity whose tokens are gone, as it is now; `null` = it is gone as well, or somebody else's. */
async function stillTheirs(tx: StoreTransaction, { id, userId }: Identity): Promise<Identity | null> {
  const theirs = await tx.identities.ofUser(userId);
  return theirs.find((identity) => identity.id === id) ?? null;
}

/** Nothing acts any more in the name of somebody who is not let in, also where their last session had run out. */
async function putOut(runtime: Uses, tx: StoreTransaction, identity: Identity): Promise<Ending> {
  const ended = await endSessions(runtime, tx, identity, "left_at_provider");
  const rest = await takeTokens(runtime, tx, [identity.id]);
  for (const { userId, provider, identityId } of rest) {
    const told = { target: userId, reason: "left_at_provider", detail: { provider, identityId } };
    await tx.audit.insert(newEvent(runtime.now(), { action: "token.dropped", actor: "system", ...told }));
  }
  return { ...ended, taken: [...ended.taken, ...rest] };
}

async function endSessions(
  runtime: Uses,
  tx: StoreTransaction,
  { id, userId }: Identity,
  reason: EndedBy["reason"],
): Promise<Ending> {
  const opened = (await tx.sessions.ofUser(userId)).filter(({ identityId }) => identityId === id);
  const by = { actor: "system", reason, address: null } as const;
  return endSessionsWithin(
    runtime,
    tx,
    opened.map((session) => session.id),
    by,
  );
}
