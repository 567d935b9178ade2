import { deriveRoles } from "../access/derive-roles.ts";
import { endExpiredGrants } from "../access/end-expired-grants.ts";
import { newEvent } from "../audit/new-event.ts";
import { redeemInvitation } from "../invitations/redeem-invitation.ts";
import { endedMeanwhile } from "../logout/ended-meanwhile.ts";
import { keepProviderSession } from "../logout/keep-provider-session.ts";
import type { Identity } from "../model/identity.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { User } from "../model/user.ts";
import { claimOwnership } from "../owner-link/claim-ownership.ts";
import { noteVouched } from "../recheck/note-vouched.ts";
import { applyApproval } from "../requests/approval.ts";
import type { Runtime } from "../runtime.ts";
import { afterEnding } from "../sessions/end-session.ts";
import { lockFormerSession, newSession, openSession } from "../sessions/open-session.ts";
import { applyPendingGrants } from "../users/pending-grant.ts";
import { keepTokens } from "../vault/keep-tokens.ts";
import type { Admission, AdmitInput } from "./admission.ts";
import { findIdentity } from "./find-identity.ts";
import { keepPerson } from "./keep-person.ts";
import { LostRace, startingOver } from "./lost-race.ts";
import { decidingRule, mayEnter } from "./may-enter.ts";
import { type AdmissionRefusal, refuseAdmission, toldMemberships } from "./refuse-admission.ts";
import { requireAsked } from "./rules-changed.ts";

type Uses = Pick<
  Runtime,
  "settings" | "store" | "providers" | "policy" | "sessionCache" | "sealer" | "now" | "log"
>;

/**
 * Decides about somebody whom a provider vouches for: finds or makes the user, derives the roles, opens the session.
 * All of it is one transaction together with its audit events, so that a crash leaves everything or nothing.
 */
export async function admit(runtime: Uses, input: AdmitInput): Promise<Admission> {
  return startingOver(() => admitOnce(runtime, input));
}

async function admitOnce(runtime: Uses, input: AdmitInput): Promise<Admission> {
  const now = runtime.now();
  const { address } = input.visit;
  const decide = async (tx: StoreTransaction): Promise<Admission> => {
    // Asked at once and done in this order, as `StoreTransaction` promises.
    const [policy, hasEnded, identity] = await Promise.all([
      // 0. What rules and roles there are, and that stays so until everything is decided.
      runtime.policy.within(tx),
      // The session at the provider that they come from must still be there.
      hasEndedThere(tx, input),
      // 1. Who is it? Only provider, issuer and subject lead to a user; an e-mail never does.
      findIdentity(tx, input),
    ]);
    requireAsked(policy, input);
    if (hasEnded) return refuseAdmission(tx, now, input, null, ENDED_THERE);

    const former = await lockFormerSession(runtime, tx, input, identity?.userId ?? null);
    const known = identity === null ? null : await lockPerson(tx, input, identity);

    if (known !== null) await endExpiredGrants(tx, now, known.id);

    // 2. May they enter?
    const entry = await mayEnter({ ...runtime, policy }, tx, input, known);
    if (!("decision" in entry)) return refuseAdmission(tx, now, input, known, entry);
    const { decision, isKept, waiting, invited, claim, approval } = entry;

    // 3. They have a user and an identity, brought up to date.
    const { userId, identityId } = await keepPerson(tx, now, input, known, identity);
    const who = { userId, provider: input.provider, identityId };
    const { tokens = null } = input;
    if (tokens !== null) {
      await keepTokens(runtime, tx, who, tokens);
      await noteVouched(runtime, tx, who.identityId);
    }

    // 4. Their roles are derived anew; those given by hand stay, and those that waited for them are theirs now.
    if (!(await applyPendingGrants(tx, now, userId, waiting))) throw new LostRace();
    if (invited !== null) await redeemInvitation(tx, now, invited, userId, address);
    if (claim !== null) await claimOwnership(runtime, tx, now, claim, userId, address);
    if (approval !== null && !(await applyApproval(tx, now, userId, approval))) throw new LostRace();
    const roles = await deriveRoles(tx, runtime.settings, now, userId, decision.roles);

    // 5. The session that this browser had ends, and a new one with a new secret begins.
    const { secret, session } = newSession(runtime, who, input.visit);
    const succeeded = newEvent(now, {
      action: "login.succeeded",
      actor: userId,
      target: session.id,
      address,
      detail: {
        provider: input.provider,
        rule: decidingRule(policy, decision),
        roles,
        replaced: former?.id ?? null,
        ...(tokens !== null && { tokens: "kept" }),
        ...(isKept && { keptAsLastOwner: true }),
        ...toldMemberships(input),
        ...subjectChange(input, identity),
      },
    });
    const there = input.returning?.sessionThere ?? null;
    const [ending] = await Promise.all([
      openSession(runtime, tx, session, { visit: input.visit, former }),
      keepProviderSession(runtime, tx, session, there),
      tx.audit.insert(succeeded),
    ]);
    return { kind: "admitted", secret, userId, ending, approved: approval !== null };
  };
  // What a power cut takes of this comes back when they do: they sign in once more, and all of it is decided again.
  const admission = await runtime.store.transaction(decide, "process");
  if (admission.kind === "admitted") {
    runtime.sessionCache.forgetUser(admission.userId);
    afterEnding(runtime, admission.ending);
  }
  return admission;
}

/** Until their row was held, they could be deleted, and the account be taken away from them. @throws LostRace */
async function lockPerson(tx: StoreTransaction, input: AdmitInput, { userId }: Identity): Promise<User> {
  // Done in this order: whose account it is, is read under the lock.
  const [known, identity] = await Promise.all([tx.users.lock(userId), findIdentity(tx, input)]);
  if (known === null || identity?.userId !== known.id) throw new LostRace();
  return known;
}

const ENDED_THERE: AdmissionRefusal = { code: "ended_at_provider", reason: "signed_out_meanwhile" };

async function hasEndedThere(
  tx: StoreTransaction,
  { provider, returning = null }: AdmitInput,
): Promise<boolean> {
  return returning !== null && endedMeanwhile(tx, { provider, ...returning });
}

function subjectChange(
  { userInfo }: AdmitInput,
  identity: Identity | null,
): Readonly<Record<string, unknown>> {
  if (identity === null || identity.subject === userInfo.subject) return {};
  return { subject: { before: identity.subject, after: userInfo.subject } };
}
