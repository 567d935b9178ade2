import type { AccessRule } from "../model/access-rule.ts";
import type { RoleName } from "../model/role.ts";
import {
  type AccessDecision,
  type AccessPolicy,
  type Arrival,
  concludeAccess,
  takesHold,
} from "./decide-access.ts";
import { examineCondition, rangeOf } from "./examine-condition.ts";

/** One way a sign-in may end. */
export interface Ending {
  readonly outcome: AccessDecision["outcome"];
  /** As they would be derived, sorted; empty when nobody enters. */
  readonly roles: readonly RoleName[];
}

export interface Foresight {
  /** Every way it may end; a single one is certain. */
  readonly endings: readonly Ending[];
  /** The rules that may decide, in their order. */
  readonly deciders: readonly AccessRule[];
}

/**
 * Tells how the next sign-in of somebody may end while not everything is known of them: what only a sign-in tells may
 * then be so or not. May tell of an ending too many, never of one too few.
 */
export function foreseeAccess(policy: AccessPolicy, arrival: Arrival): Foresight {
  const endings: Ending[] = [];
  const deciders: AccessRule[] = [];
  for (const [index, rule] of policy.access.entries()) {
    const [least, most] = rangeOf(examineCondition(rule.when, arrival));
    if (!takesHold(rule, most)) continue;
    deciders.push(rule);
    endings.push(endingOf(concludeAccess(policy, arrival, index)));
    if (takesHold(rule, least)) return { endings: distinct(endings), deciders };
  }
  endings.push(endingOf(concludeAccess(policy, arrival, null)));
  return { endings: distinct(endings), deciders };
}

function endingOf(decision: AccessDecision): Ending {
  const roles = decision.outcome === "allow" ? decision.roles.map(({ role }) => role) : [];
  return { outcome: decision.outcome, roles: [...new Set(roles)].sort() };
}

function distinct(endings: readonly Ending[]): readonly Ending[] {
  return [...new Map(endings.map((ending) => [JSON.stringify(ending), ending])).values()];
}
