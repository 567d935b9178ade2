import { newEvent } from "../audit/new-event.ts";
import { newId } from "../crypto/random.ts";
import type { Beginner, LoginTransaction } from "../model/login-transaction.ts";
import type { StoreTransaction } from "../model/store.ts";
import { noteVouched } from "../recheck/note-vouched.ts";
import type { Runtime } from "../runtime.ts";
import { FRESH_FOR_ACCOUNT } from "../sessions/freshness.ts";
import { keepTokens } from "../vault/keep-tokens.ts";
import type { AdmitInput } from "./admission.ts";
import { findIdentity } from "./find-identity.ts";
import { findBeginning } from "./finish-step-up.ts";
import { LostRace, startingOver } from "./lost-race.ts";
import { type Refusal, type RefusedLogin, refuseLogin } from "./refuse-login.ts";
import { requireAsked } from "./rules-changed.ts";
import { whyNotAdmitted } from "./still-admitted.ts";
import { dropTransaction, TRANSACTION_LIFETIME } from "./transaction-cookie.ts";

type Uses = Pick<
  Runtime,
  "settings" | "store" | "providers" | "policy" | "sealer" | "limits" | "now" | "log"
>;
type Arrived = Pick<AdmitInput, "provider" | "userInfo" | "facts" | "tokens" | "visit">;
type Begun = LoginTransaction & { readonly begunBy: Beginner };

/** An account at a provider is one of somebody's ways to sign in. */
export interface Linked {
  readonly kind: "linked";
  /** False = it was theirs already. */
  readonly isNew: boolean;
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

/**
 * Somebody who is signed in has been to a provider, to add the account that they have there. It must be nobody's yet; an
 * e-mail plays no part in it. No role comes with it: what it is worth is asked at the next sign-in by it.
 */
export async function finishLink(
  runtime: Uses,
  transaction: Begun,
  arrived: Arrived,
): Promise<Linked | RefusedLogin> {
  const done = await startingOver(() =>
    runtime.store.transaction((tx) => link(runtime, tx, transaction, arrived)),
  );
  if ("code" in done) return refuseLogin(runtime, arrived, { ...done, attempt: transaction, isSpent: true });
  return { kind: "linked", ...done, cookies: [dropTransaction(runtime, transaction.state)] };
}

async function link(
  runtime: Uses,
  tx: StoreTransaction,
  { begunBy, expiresAt }: Begun,
  arrived: Arrived,
): Promise<Pick<Linked, "isNew"> | Pick<Refusal, "code" | "reason" | "confidential">> {
  const { userId } = begunBy;
  const { provider, userInfo, tokens = null, visit } = arrived;
  const now = runtime.now();

  // 0. The rules as they stand, until everything is decided.
  const policy = await runtime.policy.within(tx);
  requireAsked(policy, arrived);

  // 1. The session that began must still be there, and have been fresh when it did.
  const session = await findBeginning(runtime, tx, begunBy);
  if (session === "suspended") return { code: "suspended", reason: session };
  if (session === "session_gone") return { code: "state_mismatch", reason: session };
  if (expiresAt - TRANSACTION_LIFETIME - session.authenticatedAt >= FRESH_FOR_ACCOUNT)
    return { code: "step_up_required", reason: "not_fresh" };

  // 2. The account must be nobody's. Whose it is, is told to administrators alone.
  const identity = await findIdentity(tx, arrived);
  if (identity?.userId === userId) return { isNew: false };
  if (identity !== null) {
    const confidential = { subject: userInfo.subject, belongsTo: identity.userId };
    return { code: "identity_taken", reason: "belongs_to_somebody_else", confidential };
  }

  // 3. One that opens no door is no way in, and must not pass for the last one that is left.
  const refusal = await whyNotAdmitted(runtime, tx, policy, arrived, userId);
  if (refusal !== null) return { code: refusal, reason: "not_admitted" };

  // 4. It is theirs.
  const { issuer, subject, handle, email, emailVerified } = userInfo;
  const id = newId("idn_", now);
  const there = { provider, issuer, subject, handle, email, emailVerified };
  const isNew = await tx.identities.insert({ ...there, id, userId, createdAt: now, lastUsedAt: now }, 0);
  if (!isNew) throw new LostRace();
  if (tokens !== null) {
    await keepTokens(runtime, tx, { userId, provider, identityId: id }, tokens);
    await noteVouched(runtime, tx, id);
  }
  await tx.audit.insert(
    newEvent(now, {
      action: "identity.linked",
      actor: userId,
      target: userId,
      address: visit.address,
      detail: { identity: id, provider, issuer, subject, handle },
    }),
  );
  return { isNew: true };
}
