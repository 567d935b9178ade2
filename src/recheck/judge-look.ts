import { type Arrival, type DerivedRole, decideAccess, nextQuestion } from "../access/decide-access.ts";
import { isKeptOwner } from "../access/kept-owner.ts";
import type { Policy } from "../access/live-policy.ts";
import type { Identity } from "../model/identity.ts";
import type { Recheck } from "../model/recheck.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import type { Look } from "./look-again.ts";

/** What is to be judged. */
export interface Judging {
  readonly policy: Policy;
  readonly identity: Identity;
  /** As it was before this look. */
  readonly recheck: Recheck;
  readonly look: Look;
}

/** What a look means, and the roles that come with it. */
export type Verdict =
  | "untold"
  | "needs_a_sign_in"
  | { readonly kind: "still_there" | "left"; readonly roles: readonly DerivedRole[] };

/** Decides by the rules what a look means. Only a plain answer takes anything away. */
export async function judgeLook(
  { settings }: Pick<Runtime, "settings">,
  tx: StoreTransaction,
  { policy, identity, recheck, look: told }: Judging,
): Promise<Verdict> {
  const look = sure(told, recheck);
  if (look.kind === "untold" || look.kind === "needs_a_sign_in") return look.kind;
  if (look.kind === "left") return { kind: "left", roles: [] };
  const { userId, provider } = identity;
  const grants = await tx.grants.ofUser(userId);
  const directRoles = grants.filter(({ source }) => source === "direct").map(({ role }) => role);
  const { userInfo, facts } = look;
  const arrival = { provider, userInfo, facts, directRoles };
  const decided = decideAccess(policy, arrival);
  if (decided.outcome === "allow") return { kind: "still_there", roles: decided.roles };
  if (await isKeptOwner({ settings }, tx, grants, decided)) return { kind: "still_there", roles: [] };
  // A team that would not answer is no reason to put anybody out, nor is an address that is not told this time.
  const cannotTell = facts.some(({ answer }) => answer === "cannot_tell");
  const isUntold = cannotTell || mayEnterByKnownAddress(policy, identity, arrival);
  return isUntold ? "untold" : { kind: "left", roles: [] };
}

/**
 * A provider that refuses every token for a moment must not put everybody out: it is asked twice, and has to refuse it
 * twice. And a refresh token is also spent when an earlier refresh has used it up and its answer got lost.
 */
function sure(look: Look, { failures, refusals }: Recheck): Exclude<Look, { kind: "refused" | "spent" }> {
  if (look.kind === "refused") {
    // The version before lets refusals stand when it looks at somebody, but not the failures, which they are among.
    const isSecond = refusals > 0 && failures > 0;
    return { kind: isSecond ? "left" : "untold", reason: look.reason };
  }
  if (look.kind !== "spent") return look;
  const isLost = failures > 0 || look.reason === "answer_lost";
  return { kind: isLost ? "untold" : "left", reason: look.reason };
}

/** Whether they would be let in, or could be, if the address that was verified at their last sign-in still were. */
function mayEnterByKnownAddress(
  policy: Policy,
  { email, emailVerified }: Identity,
  { userInfo, ...others }: Arrival,
): boolean {
  if (userInfo.emailVerified !== null || emailVerified !== true) return false;
  const arrival = { ...others, userInfo: { ...userInfo, email, emailVerified } };
  return nextQuestion(policy, arrival) !== null || decideAccess(policy, arrival).outcome === "allow";
}
