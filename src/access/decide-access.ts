import type { AccessCondition, AccessRule } from "../model/access-rule.ts";
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
 * opens the door; otherwise it stays shut.
 */
export function decideAccess(policy: AccessPolicy, arrival: Arrival): AccessDecision {
  const owner: readonly DerivedRole[] = policy.owners.some((name) => isOwner(name, arrival))
    ? [{ role: "owner", source: "config" }]
    : [];
  const index = policy.access.findIndex((rule) => matches(rule.when, arrival));
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

function isOwner(name: OwnerName, { provider, userInfo }: Arrival): boolean {
  if (name.provider !== null && name.provider !== provider) return false;
  if (!name.who.includes("@")) return name.provider !== null && name.who === userInfo.subject;
  return userInfo.emailVerified === true && sameEmail(name.who, userInfo.email);
}

/** Every condition that is given must hold; an e-mail that nobody vouches for is no e-mail. */
function matches(when: AccessCondition, { provider, userInfo }: Arrival): boolean {
  const email = userInfo.emailVerified === true ? foldEmail(userInfo.email) : null;
  if (when.provider !== undefined && when.provider !== provider) return false;
  if (when.email !== undefined && (email === null || !sameEmail(when.email, email))) return false;
  if (when.emailDomain !== undefined) {
    if (email === null || emailDomain(email) !== foldDomain(when.emailDomain)) return false;
  }
  return when.provider !== undefined || when.email !== undefined || when.emailDomain !== undefined;
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
