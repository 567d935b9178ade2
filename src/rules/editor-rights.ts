import { PosternError } from "../errors.ts";
import { effectiveRoles } from "../model/role.ts";
import type { Store } from "../model/store.ts";
import type { StoredRule } from "../model/stored-rule.ts";

type Uses = Pick<Store, "users" | "grants">;

/** Ids of users begin so; every other actor is the application's own code or somebody on the server. */
const USER_ID = /^usr_/;

/**
 * Whether somebody may change the rules in this way, as things are now: they are active, and administrators at least.
 * What lies in front of a rule that gives `owner`, and that rule itself, only owners change: whoever takes away a rule
 * that kept somebody out lets them run into the next one. What the command line or the application's own code does
 * needs no role.
 * @throws PosternError `permission_denied`
 */
export async function requireMayEditRules(
  tx: Uses,
  actor: string,
  before: readonly StoredRule[],
  after: readonly StoredRule[],
): Promise<void> {
  if (!USER_ID.test(actor)) return;
  const isActive = (await tx.users.get(actor))?.status === "active";
  const held = effectiveRoles(isActive ? (await tx.grants.ofUser(actor)).map(({ role }) => role) : []);
  if (held.has("owner")) return;
  if (!held.has("admin")) {
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
