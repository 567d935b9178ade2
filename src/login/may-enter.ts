import { type AccessDecision, type AccessPolicy, decideAccess, ruleName } from "../access/decide-access.ts";
import { isKeptOwner } from "../access/kept-owner.ts";
import type { Policy } from "../access/live-policy.ts";
import { type BroughtInvitation, findInvitation } from "../invitations/redeem-invitation.ts";
import type { OwnerLink } from "../model/owner-link.ts";
import type { PendingGrant } from "../model/pending-grant.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { User } from "../model/user.ts";
import { findOwnershipClaim } from "../owner-link/claim-ownership.ts";
import { type Approval, findApproval } from "../requests/approval.ts";
import { findRequest, type Standing, standingOf } from "../requests/standing.ts";
import type { Runtime } from "../runtime.ts";
import { findPendingGrants } from "../users/pending-grant.ts";
import type { AdmitInput } from "./admission.ts";
import type { AdmissionRefusal } from "./refuse-admission.ts";

type Uses = Pick<Runtime, "settings" | "now"> & { readonly policy: Policy };

/** Somebody may come in, and what is theirs with it. */
export interface Entry {
  readonly decision: Extract<AccessDecision, { outcome: "allow" }>;
  /** Let in although the rules would keep them out: nobody else could open the door again. */
  readonly isKept: boolean;
  /** Roles that waited for them. */
  readonly waiting: readonly PendingGrant[];
  readonly approval: Approval | null;
  readonly invited: Extract<BroughtInvitation, { kind: "open" }> | null;
  readonly claim: OwnerLink | null;
}

/** Decides whether somebody may come in; changes nothing. `known` is who they are here, `null` = nobody yet. */
export async function mayEnter(
  runtime: Uses,
  tx: StoreTransaction,
  input: AdmitInput,
  known: User | null,
): Promise<Entry | AdmissionRefusal> {
  const { settings, policy } = runtime;
  if (known?.status === "suspended") return { code: "suspended", reason: "suspended" };
  const person = { ...input.userInfo, provider: input.provider };
  const [grants, waiting, approval] = await Promise.all([
    known === null ? [] : tx.grants.ofUser(known.id),
    findPendingGrants(tx, input.provider, input.userInfo),
    findApproval(tx, person, known?.id ?? null),
  ]);
  const found = await findBroughtInvitation({ roles: policy.roles, now: runtime.now }, tx, input, known);
  if (found?.kind === "refused")
    return { code: found.code, reason: found.cause, invitation: found.invitationId };

  const byHand = grants.filter(({ source }) => source === "direct");
  const promised = [...byHand, ...waiting, ...(approval === null ? [] : [approval])];
  const directRoles = [...promised.map(({ role }) => role), ...(found?.roles ?? [])];
  const claim = await findOwnershipClaim(runtime, tx, input);
  const decided = decideAccess(policy, { ...input, directRoles });
  const isKept = claim === null && (await isKeptOwner(runtime, tx, grants, decided));
  const decision = claim !== null || isKept ? welcome(decided) : decided;
  if (decision.outcome !== "allow") {
    const standing = mayAsk(settings, decision)
      ? standingOf(await findRequest(tx, person), known?.id ?? null, runtime.now())
      : null;
    const { code, outcome } = decision;
    return { code: codeOf(standing) ?? code, reason: decidingRule(policy, decision), outcome, standing };
  }
  if (claim === null && !isKept && directRoles.length + decision.roles.length === 0)
    return { code: "no_role", reason: decidingRule(policy, decision) };
  return { decision, isKept, waiting, approval, invited: found, claim };
}

/** What the invitation that they have accepted is worth; `null` = they brought none that has anything to give. */
async function findBroughtInvitation(
  house: Parameters<typeof findInvitation>[0],
  tx: StoreTransaction,
  { provider, userInfo, invitation = null }: AdmitInput,
  known: User | null,
): Promise<BroughtInvitation | null> {
  if (invitation === null) return null;
  return findInvitation(house, tx, {
    provider,
    userInfo,
    secretHash: invitation,
    userId: known?.id ?? null,
  });
}

/** An owner link opens the door whatever the rules say; what they give besides stays. */
function welcome(decided: AccessDecision): Extract<AccessDecision, { outcome: "allow" }> {
  return decided.outcome === "allow" ? decided : { outcome: "allow", roles: [], rule: null };
}

/** Whether an administrator could let them in: not where a rule says no, nor while their e-mail alone is what is missing. */
function mayAsk(
  { requests }: Pick<Runtime["settings"], "requests">,
  decision: Exclude<AccessDecision, { outcome: "allow" }>,
): boolean {
  if (decision.code !== "not_allowed") return false;
  return decision.outcome === "ask" || (requests === "open" && decision.rule === null);
}

function codeOf(standing: Standing | null): "pending_approval" | "request_declined" | null {
  if (standing?.kind === "pending") return "pending_approval";
  return standing?.kind === "declined" ? "request_declined" : null;
}

/** `access[2]` or `rul_…`, or that no rule decided. */
export function decidingRule(policy: Pick<AccessPolicy, "access">, { rule }: AccessDecision): string {
  return rule === null ? "no_rule" : ruleName(policy, rule);
}
