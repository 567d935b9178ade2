import type { RuleInForce } from "../model/listed-rule.ts";
import type { MembershipAnswer } from "../model/membership.ts";
import {
  type AccessDecision,
  type AccessPolicy,
  type Arrival,
  decideAccess,
  isNamedOwner,
  ruleName,
} from "./decide-access.ts";
import { examineCondition, type Finding, rangeOf } from "./examine-condition.ts";
import { type Ending, foreseeAccess } from "./foresee-access.ts";
import { shownValue } from "./shown-value.ts";
import type { FindingReason } from "./told.ts";

/** Why somebody may enter, or may not. For administrators: it tells what a provider said about a person. */
export interface AccessExplanation {
  /** As far as everything is known that this was told of the person. */
  readonly decision: AccessDecision;
  /** Every way the next sign-in may end; more than one when it hangs on what only a sign-in tells. */
  readonly endings: readonly Ending[];
  /** `owners` of the configuration names them, so that no rule can keep them out. */
  readonly isNamedOwner: boolean;
  /** In order, up to the one that decides; all of them when none does. */
  readonly rules: readonly RuleExplanation[];
}

export interface RuleExplanation {
  /** Its place among those that count. */
  readonly index: number;
  /** `access[3]` in the configuration, `rul_…` in the database. */
  readonly name: string;
  readonly rule: RuleInForce;
  /** Whether its condition holds. */
  readonly answer: MembershipAnswer;
  /** True when a sign-in may tell something that changes the answer. */
  readonly isOpen: boolean;
  /** What made the answer, each where it stands. */
  readonly reasons: readonly Reason[];
}

export interface Reason {
  /** `access[2].when.any[0].emailDomain` */
  readonly path: string;
  readonly answer: MembershipAnswer;
  /** What the rule wants and what was found, cut to what can be read; `null` = nothing. */
  readonly expected: string | null;
  readonly found: string | null;
  readonly why: FindingReason | null;
}

/** Explains a decision, rule by rule: which one decides, and of each one before it why it does not. */
export function explainAccess(policy: AccessPolicy, arrival: Arrival): AccessExplanation {
  const decision = decideAccess(policy, arrival);
  const examined = decision.rule === null ? policy.access : policy.access.slice(0, decision.rule + 1);
  return {
    decision,
    endings: foreseeAccess(policy, arrival).endings,
    isNamedOwner: isNamedOwner(policy.owners, arrival),
    rules: examined.map((rule, index) => {
      const finding = examineCondition(rule.when, arrival);
      const [least, most] = rangeOf(finding);
      const name = ruleName(policy, index);
      const reasons = reasonsOf(finding, name);
      return { index, name, rule, answer: finding.answer, isOpen: least !== most, reasons };
    }),
  };
}

/** The parts that made the answer: of several taken together those that came out as the whole did. */
function reasonsOf(finding: Finding, rule: string): readonly Reason[] {
  const path = `${rule}.${finding.path}`;
  if (finding.kind === "leaf") {
    const { answer, why } = finding;
    const isSecret = SECRET.test(pathOfClaim(finding.expected));
    return [
      {
        path,
        answer,
        expected: shownValue(finding.expected),
        found: isSecret ? null : shownValue(finding.found),
        why,
      },
    ];
  }
  if (finding.parts.length === 0) {
    return [{ path, answer: finding.answer, expected: null, found: null, why: "malformed" }];
  }
  const made =
    finding.kind === "not" ? finding.parts : finding.parts.filter(({ answer }) => answer === finding.answer);
  return made.flatMap((part) => reasonsOf(part, rule));
}

/** Claims that open something, whatever a rule does with them. */
const SECRET = /(token|secret|ticket|password|session_key|at_hash|nonce)$/i;

function pathOfClaim(expected: unknown): string {
  if (typeof expected !== "object" || expected === null || !("path" in expected)) return "";
  return Array.isArray(expected.path) ? expected.path.join(".") : String(expected.path);
}
