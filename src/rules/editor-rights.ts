import type { Rank } from "../access/actor-rights.ts";
import { PosternError } from "../errors.ts";
import type { StoredRule } from "../model/stored-rule.ts";

/**
 * Whether somebody with that rank may change the rules in this way: administrators at least. What lies in front of a rule
 * that gives `owner`, and that rule itself, only owners change: whoever takes away a rule that kept somebody out lets them
 * run into the next one.
 * @throws PosternError `permission_denied`
 */
export function requireMayEditRules(
  rank: Rank | null,
  before: readonly StoredRule[],
  after: readonly StoredRule[],
): void {
  if (rank === "owner") return;
  if (rank === null) {
    throw new PosternError("permission_denied", "Only administrators may change access rules.");
  }
  if (ownersPart(before) === ownersPart(after)) return;
  throw new PosternError(
    "permission_denied",
    "Only owners may write a rule that gives the role owner, or change what stands in front of one.",
  );
}

/** The rules up to the last one that gives `owner`, switched off ones included. */
function ownersPart(rules: readonly StoredRule[]): string {
  const last = rules.findLastIndex(({ rule }) => mentionsOwner(rule));
  return JSON.stringify(rules.slice(0, last + 1).map(({ rule, enabled }) => [rule, enabled]));
}

/** Of what can no longer be read nobody knows what it gave. */
function mentionsOwner(rule: unknown): boolean {
  if (typeof rule !== "object" || rule === null) return true;
  const roles = "roles" in rule ? rule.roles : [];
  return !Array.isArray(roles) || roles.includes("owner");
}
