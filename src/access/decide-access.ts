import { type AccessCondition, type AccessRule, membershipsOf } from "../model/access-rule.ts";
import type { MembershipAnswer, MembershipFact, MembershipQuestion } from "../model/membership.ts";
import type { GrantSource, RoleName } from "../model/role.ts";
import type { UserInfo } from "../model/user-info.ts";
import type { OwnerName } from "../options.ts";
import { emailDomain, foldEmail } from "./email.ts";

/** Who asks to come in. */
export interface Arrival {
  /** Provider instance id. */
  readonly provider: string;
  readonly userInfo: Pick<UserInfo, "subject" | "email" | "emailVerified">;
  /** Roles that an administrator gave by hand. */
  readonly directRoles: readonly RoleName[];
  /** What the provider has answered so far; what was not asked cannot be told. */
  readonly facts: readonly MembershipFact[];
}

export interface AccessPolicy {
  readonly owners: readonly OwnerName[];
  readonly access: readonly AccessRule[];
}

/** A role and why it is derived at this sign-in. */
export interface DerivedRole {
  readonly role: RoleName;
  readonly source: Extract<GrantSource, "rule" | "config">;
}

export type AccessDecision =
  | { readonly outcome: "allow"; readonly roles: readonly DerivedRole[]; readonly rule: number | null }
  | {
      readonly outcome: "deny";
      readonly code: "not_allowed" | "email_unverified";
      /** Index of the rule that denied; `null` = none matched. */
      readonly rule: number | null;
    };

/**
 * Decides who may enter and as what: pure, so that it can be explained and tried out.
 * Owners of the configuration enter always; then the first rule that matches decides; then a role given by hand
 * opens the door; otherwise it stays shut. A membership that cannot be told matches a rule that denies, and no rule
 * that allows.
 */
export function decideAccess(policy: AccessPolicy, arrival: Arrival): AccessDecision {
  const owner: readonly DerivedRole[] = policy.owners.some((name) => isOwner(name, arrival))
    ? [{ role: "owner", source: "config" }]
    : [];
  const index = policy.access.findIndex((rule) => decides(rule, arrival));
  const rule = policy.access[index];

  if (rule?.then === "allow") {
    const roles = (rule.roles ?? ["member"]).map((role) => ({ role, source: "rule" as const }));
    return { outcome: "allow", roles: [...owner, ...roles], rule: index };
  }
  if (owner.length > 0) return { outcome: "allow", roles: owner, rule: null };
  if (rule?.then === "deny") return { outcome: "deny", code: "not_allowed", rule: index };
  if (arrival.directRoles.length > 0) return { outcome: "allow", roles: [], rule: null };
  return {
    outcome: "deny",
    code: wouldEnterIfVerified(policy, arrival) ? "email_unverified" : "not_allowed",
    rule: null,
  };
}

/**
 * The next thing that must be asked of the provider before anything can be decided, in the order of the rules; `null` =
 * enough is known.
 */
export function nextQuestion(
  policy: Pick<AccessPolicy, "access">,
  arrival: Omit<Arrival, "directRoles">,
): MembershipQuestion | null {
  for (const rule of policy.access) {
    const open = matches(rule.when, arrival) === "cannot_tell" ? unanswered(rule.when, arrival.facts) : null;
    if (open !== null) return open;
    if (decides(rule, arrival)) return null;
  }
  return null;
}

function unanswered(when: AccessCondition, facts: readonly MembershipFact[]): MembershipQuestion | null {
  const open = membershipsOf(when).find((question) => factFor(question, facts) === undefined);
  return open === undefined ? null : { check: open.check, wanted: open.wanted };
}

function factFor(question: MembershipQuestion, facts: readonly MembershipFact[]): MembershipFact | undefined {
  return facts.find(({ check, wanted }) => check === question.check && wanted === question.wanted);
}

function decides(rule: AccessRule, arrival: Omit<Arrival, "directRoles">): boolean {
  const match = matches(rule.when, arrival);
  return match === "yes" || (match === "cannot_tell" && rule.then === "deny");
}

function isOwner(name: OwnerName, { provider, userInfo }: Arrival): boolean {
  if (name.provider !== null && name.provider !== provider) return false;
  if (!name.who.includes("@")) return name.provider !== null && name.who === userInfo.subject;
  return userInfo.emailVerified === true && sameEmail(name.who, userInfo.email);
}

/** Every condition that is given must hold; an e-mail that nobody vouches for is no e-mail. */
function matches(when: AccessCondition, arrival: Omit<Arrival, "directRoles">): MembershipAnswer {
  const { provider, userInfo, facts } = arrival;
  const email = userInfo.emailVerified === true ? foldEmail(userInfo.email) : null;
  if (when.provider !== undefined && when.provider !== provider) return "no";
  if (when.email !== undefined && (email === null || !sameEmail(when.email, email))) return "no";
  if (when.emailDomain !== undefined) {
    if (email === null || emailDomain(email) !== foldDomain(when.emailDomain)) return "no";
  }
  const memberships = membershipsOf(when);
  if (memberships.some((membership) => membership.provider !== provider)) return "no";
  const answers = memberships.map((membership) => factFor(membership, facts)?.answer ?? "cannot_tell");
  if (answers.includes("no")) return "no";
  if (answers.includes("cannot_tell")) return "cannot_tell";
  const given = when.provider !== undefined || when.email !== undefined || when.emailDomain !== undefined;
  return given || memberships.length > 0 ? "yes" : "no";
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

function foldDomain(domain: string): string | null {
  const folded = foldEmail(`x@${domain}`);
  return folded === null ? null : emailDomain(folded);
}
