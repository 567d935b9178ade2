import type { AccessRule } from "../model/access-rule.ts";
import type { RuleInForce } from "../model/listed-rule.ts";
import type { MembershipAnswer, MembershipQuestion } from "../model/membership.ts";
import type { GrantSource, RoleName } from "../model/role.ts";
import type { OwnerName } from "../options.ts";
import { foldEmail } from "./email.ts";
import { examineCondition, firstOpenQuestion, rangeOf } from "./examine-condition.ts";
import type { AskedArrival } from "./examine-word.ts";

/** Who asks to come in. */
export interface Arrival extends AskedArrival {
  /** Roles that an administrator gave by hand. */
  readonly directRoles: readonly RoleName[];
}

export interface AccessPolicy {
  readonly owners: readonly OwnerName[];
  readonly access: readonly RuleInForce[];
}

/** A role and why it is derived at this sign-in. */
export interface DerivedRole {
  readonly role: RoleName;
  readonly source: Extract<GrantSource, "rule" | "config">;
}

export type AccessDecision =
  | { readonly outcome: "allow"; readonly roles: readonly DerivedRole[]; readonly rule: number | null }
  | {
      readonly outcome: "deny" | "ask";
      readonly code: "not_allowed" | "email_unverified";
      /** Index of the rule that decided; `null` = none matched. */
      readonly rule: number | null;
    };

/**
 * Decides who may enter and as what: pure, so that it can be explained and tried out.
 * Owners of the configuration enter always; then the first rule that takes hold decides; a role given by hand answers a
 * rule that asks, and opens the door where no rule says anything; otherwise it stays shut.
 */
export function decideAccess(policy: AccessPolicy, arrival: Arrival): AccessDecision {
  const index = policy.access.findIndex((rule) =>
    takesHold(rule, examineCondition(rule.when, arrival).answer),
  );
  return concludeAccess(policy, arrival, index === -1 ? null : index);
}

/** What follows when this rule is the one that decides; `null` = none does. */
export function concludeAccess(policy: AccessPolicy, arrival: Arrival, index: number | null): AccessDecision {
  const rule = index === null ? undefined : policy.access[index];
  const owner: readonly DerivedRole[] = isNamedOwner(policy.owners, arrival)
    ? [{ role: "owner", source: "config" }]
    : [];

  if (rule?.then === "allow" && rule.isBroken !== true) {
    const roles = (rule.roles ?? ["member"]).map((role) => ({ role, source: "rule" as const }));
    return { outcome: "allow", roles: [...owner, ...roles], rule: index };
  }
  if (owner.length > 0) return { outcome: "allow", roles: owner, rule: null };
  if (rule?.then !== "deny" && arrival.directRoles.length > 0) {
    return { outcome: "allow", roles: [], rule: index };
  }
  return {
    // What a broken rule would have given is not known; it must not fall to a later one, which may give more.
    outcome: rule?.then === "ask" ? "ask" : "deny",
    code: wouldEnterIfVerified(policy, arrival) ? "email_unverified" : "not_allowed",
    rule: index,
  };
}

/** What the audit log calls a rule of the policy. */
export function ruleName({ access }: Pick<AccessPolicy, "access">, index: number): string {
  return access[index]?.name ?? `access[${index}]`;
}

/**
 * Whether a rule decides about somebody for whom its condition came out so: a rule that lets people in needs a yes,
 * every other one also holds for those who cannot be told.
 */
export function takesHold(rule: Pick<AccessRule, "then">, answer: MembershipAnswer): boolean {
  return answer === "yes" || (answer === "cannot_tell" && rule.then !== "allow");
}

/**
 * The next thing that must be asked of the provider before anything can be decided, in the order of the rules; `null` =
 * enough is known.
 */
export function nextQuestion(
  policy: Pick<AccessPolicy, "access">,
  arrival: AskedArrival,
): MembershipQuestion | null {
  for (const rule of policy.access) {
    const finding = examineCondition(rule.when, arrival);
    const [least, most] = rangeOf(finding);
    const question = takesHold(rule, least) === takesHold(rule, most) ? null : firstOpenQuestion(finding);
    if (question !== null) return question;
    if (takesHold(rule, finding.answer)) return null;
  }
  return null;
}

/** True for somebody whom `owners` of the configuration names. */
export function isNamedOwner(owners: readonly OwnerName[], arrival: AskedArrival): boolean {
  return owners.some((name) => isOwner(name, arrival));
}

function isOwner(name: OwnerName, { provider, userInfo }: AskedArrival): boolean {
  if (name.provider !== null && name.provider !== provider) return false;
  if (!name.who.includes("@")) return name.provider !== null && name.who === userInfo.subject;
  return userInfo.emailVerified === true && sameEmail(name.who, userInfo.email);
}

function wouldEnterIfVerified(policy: AccessPolicy, arrival: Arrival): boolean {
  if (arrival.userInfo.emailVerified === true || arrival.userInfo.email === null) return false;
  const verified: Arrival = { ...arrival, userInfo: { ...arrival.userInfo, emailVerified: true } };
  return decideAccess(policy, verified).outcome === "allow";
}

function sameEmail(a: string, b: string | null): boolean {
  const folded = foldEmail(a);
  return folded !== null && folded === foldEmail(b);
}
