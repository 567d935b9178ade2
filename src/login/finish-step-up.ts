import { newEvent } from "../audit/new-event.ts";
import { sha256 } from "../crypto/hash.ts";
import { randomToken } from "../crypto/random.ts";
import { endedMeanwhile } from "../logout/ended-meanwhile.ts";
import { renewProviderSession } from "../logout/keep-provider-session.ts";
import type { Identity } from "../model/identity.ts";
import type { Beginner, LoginTransaction } from "../model/login-transaction.ts";
import { isAhead, isExpired, type Session } from "../model/session.ts";
import type { StoreTransaction } from "../model/store.ts";
import { noteVouched } from "../recheck/note-vouched.ts";
import type { Runtime } from "../runtime.ts";
import { isVouchedFor } from "../sessions/vouched-for.ts";
import { keepTokens } from "../vault/keep-tokens.ts";
import type { ReturnTarget } from "../web/return-target.ts";
import type { AdmitInput } from "./admission.ts";
import { findIdentity } from "./find-identity.ts";
import { type Refusal, type RefusedLogin, refuseLogin } from "./refuse-login.ts";
import { requireAsked } from "./rules-changed.ts";
import { whyNotAdmitted } from "./still-admitted.ts";
import { dropTransaction } from "./transaction-cookie.ts";

type Uses = Pick<
  Runtime,
  "settings" | "store" | "providers" | "policy" | "sessionCache" | "sealer" | "limits" | "now" | "log"
>;

/** Somebody has confirmed that it is them; their session has a new secret. */
export interface SteppedUp {
  readonly kind: "stepped-up";
  /** For the session cookie. */
  readonly secret: string;
  /** The absolute end of the session, as before; milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly returnTo: ReturnTarget;
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

type Arrived = Pick<AdmitInput, "provider" | "userInfo" | "facts" | "tokens" | "returning" | "visit">;

type Renewed = Pick<SteppedUp, "secret" | "expiresAt"> & { readonly sessionId: string };

/**
 * Somebody has been to their provider to confirm that it is them. The session that they began in counts as fresh from now
 * on and gets a new secret; it keeps its id, its end and its roles. Whatever is wrong, it stays as it was.
 */
export async function finishStepUp(
  runtime: Uses,
  transaction: LoginTransaction & { readonly begunBy: Beginner },
  arrived: Arrived,
  proof: "auth_time" | "round_trip",
): Promise<SteppedUp | RefusedLogin> {
  const done = await runtime.store.transaction((tx) => renew(runtime, tx, transaction, arrived, proof));
  if (!("secret" in done))
    return refuseLogin(runtime, arrived, { ...done, attempt: transaction, isSpent: true });
  const { secret, expiresAt, sessionId } = done;
  runtime.sessionCache.forgetSession(sessionId);
  const { returnTo, state } = transaction;
  return { kind: "stepped-up", secret, expiresAt, returnTo, cookies: [dropTransaction(runtime, state)] };
}

async function renew(
  runtime: Uses,
  tx: StoreTransaction,
  { begunBy }: { readonly begunBy: Beginner },
  arrived: Arrived,
  proof: "auth_time" | "round_trip",
): Promise<Renewed | Pick<Refusal, "code" | "reason">> {
  const { provider, returning = null } = arrived;

  // 0. The rules as they stand, until everything is decided.
  const policy = await runtime.policy.within(tx);
  requireAsked(policy, arrived);

  // The session at the provider that they come from must still be there.
  if (returning !== null && (await endedMeanwhile(tx, { provider, ...returning })))
    return { code: "step_up_failed", reason: "signed_out_meanwhile" };

  // 1. The session that began must still be there, and its person must still be welcome.
  const session = await findBeginning(runtime, tx, begunBy);
  if (typeof session === "string") {
    return { code: session === "suspended" ? session : "step_up_failed", reason: session };
  }

  // 2. Whoever has arrived must be the same person, by an account that is known to be theirs.
  const identity = await findIdentity(tx, arrived);
  if (identity?.userId !== begunBy.userId) return { code: "step_up_failed", reason: "other_account" };
  const refusal = await whyNotAdmitted(runtime, tx, policy, arrived, begunBy.userId);
  if (refusal !== null) return { code: refusal, reason: "not_admitted_any_more" };

  // 3. The session has a new secret, and is fresh from now on; what the provider has told and brought is kept.
  const secret = await renewSecret(runtime, tx, session, begunBy);
  if (secret === null) return { code: "step_up_failed", reason: "session_changed" };
  await keepWhatCame(runtime, tx, session, identity, arrived);
  await tx.audit.insert(steppedUp(runtime.now(), session, arrived, proof));
  return { secret, expiresAt: session.expiresAt, sessionId: session.id };
}

/** The new secret of the session; `null` = it has another one than the one that began. */
async function renewSecret(
  { now: clock }: Uses,
  tx: Pick<StoreTransaction, "sessions">,
  { id }: Session,
  { secretHash }: Beginner,
): Promise<string | null> {
  const now = clock();
  const secret = randomToken();
  const renewed = { secretHash: sha256(secret), authenticatedAt: now, lastSeenAt: now };
  return (await tx.sessions.renew(id, secretHash, renewed)) ? secret : null;
}

async function keepWhatCame(
  runtime: Uses,
  tx: StoreTransaction,
  session: Session,
  { id: identityId, userId }: Identity,
  { provider, userInfo, tokens = null, returning = null }: Arrived,
): Promise<void> {
  // By another account of theirs: the session still belongs to the one that opened it, and ends with that one.
  if (session.identityId === identityId)
    await renewProviderSession(runtime, tx, session, returning?.sessionThere ?? null);
  const { handle, email, emailVerified } = userInfo;
  await tx.identities.update(identityId, { handle, email, emailVerified, lastUsedAt: runtime.now() });
  if (tokens === null) return;
  await keepTokens(runtime, tx, { userId, provider, identityId }, tokens);
  await noteVouched(runtime, tx, identityId);
}

function steppedUp(
  now: number,
  { id, userId, authenticatedAt }: Session,
  { provider, visit }: Arrived,
  proof: "auth_time" | "round_trip",
) {
  return newEvent(now, {
    action: "step_up.succeeded",
    actor: userId,
    target: id,
    address: visit.address,
    detail: { provider, proof, before: authenticatedAt, after: now },
  });
}

/** The session in which somebody began, with its person locked; or why it does not count any more. */
export async function findBeginning(
  runtime: Pick<Runtime, "settings" | "providers" | "now">,
  tx: Pick<StoreTransaction, "users" | "sessions">,
  { userId, secretHash }: Beginner,
): Promise<Session | "session_gone" | "suspended"> {
  const user = await tx.users.lock(userId);
  if (user?.status === "suspended") return "suspended";
  const found = await tx.sessions.findBySecretHash(secretHash);
  if (user === null || found === null || found.session.userId !== userId) return "session_gone";
  const { session } = found;
  const now = runtime.now();
  const isOver = isExpired(session, runtime.settings.session, now) || isAhead(session, now);
  return isOver || !isVouchedFor(runtime, session) ? "session_gone" : session;
}
