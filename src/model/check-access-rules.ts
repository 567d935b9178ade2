import { nearest } from "../web/nearest.ts";
import type { AccessRule } from "./access-rule.ts";
import { checkAccessCondition } from "./check-access-condition.ts";
import { type Report, RULE_LIMITS, type RuleVocabulary } from "./rule-vocabulary.ts";

/**
 * Checks access rules from wherever they come, code or JSON: the same words and the same complaints. Answers them as
 * rules, which they are only when nothing was reported.
 */
export function checkAccessRules(
  value: unknown,
  path: string,
  vocabulary: RuleVocabulary,
  report: Report,
): readonly AccessRule[] {
  if (!Array.isArray(value)) {
    report(
      path,
      "is not a list",
      `Write ${path}: [{ when: { emailDomain: "example.com" }, then: "allow" }].`,
    );
    return [];
  }
  if (value.length > RULE_LIMITS.rules) {
    report(path, `holds more than ${RULE_LIMITS.rules} rules`, "Take several together with any.");
  }
  for (const [index, rule] of value.entries()) checkAccessRule(rule, `${path}[${index}]`, vocabulary, report);
  return value;
}

const FIELDS = ["when", "then", "roles"];
const OUTCOMES = ["allow", "ask", "deny"];

/** Checks one rule, from wherever it comes. */
export function checkAccessRule(
  rule: unknown,
  path: string,
  vocabulary: RuleVocabulary,
  report: Report,
): void {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) {
    report(path, "is not a rule", 'Write { when: { emailDomain: "example.com" }, then: "allow" }.');
    return;
  }
  for (const key of Object.keys(rule).filter((key) => !FIELDS.includes(key))) {
    const guess = nearest(key, FIELDS);
    const fix = guess === null ? `Known are: ${FIELDS.join(", ")}.` : `Did you mean "${guess}"?`;
    report(`${path}.${key}`, "is not an option of a rule", fix);
  }
  const { when, then, roles }: { when?: unknown; then?: unknown; roles?: unknown } = rule;
  if (then === undefined) {
    report(`${path}.then`, "is missing", 'Use "allow", "ask" or "deny".');
  } else if (typeof then !== "string" || !OUTCOMES.includes(then)) {
    const guess = nearest(String(then), OUTCOMES);
    const fix = guess === null ? 'Use "allow", "ask" or "deny".' : `Did you mean "${guess}"?`;
    report(`${path}.then`, `"${String(then)}" is not an outcome`, fix);
  }
  checkAccessCondition(when, `${path}.when`, vocabulary, report);
  if (roles !== undefined && then !== "allow" && OUTCOMES.includes(String(then))) {
    report(`${path}.roles`, "belongs to a rule that allows", 'Remove it, or use then: "allow".');
  } else if (roles !== undefined) {
    checkRoles(roles, `${path}.roles`, vocabulary.roles, report);
  }
}

function checkRoles(roles: unknown, path: string, known: readonly string[], report: Report): void {
  if (!Array.isArray(roles)) {
    report(path, "is not a list of roles", 'Write roles: ["member"].');
    return;
  }
  for (const [index, role] of roles.entries()) {
    if (known.includes(role)) continue;
    const guess = nearest(String(role), known);
    report(
      `${path}[${index}]`,
      `"${String(role)}" is not a role`,
      guess === null
        ? `Known are: ${known.join(", ")}.`
        : `Did you mean "${guess}"? Otherwise add it to roles.`,
      typeof role === "string" ? "missing" : undefined,
    );
  }
}
