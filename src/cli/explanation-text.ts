import type { AccessExplanation, Reason, RuleExplanation } from "../access/explain-access.ts";
import type { Ending } from "../access/foresee-access.ts";
import { printable } from "./printable.ts";
import type { Words } from "./words/en.ts";

/** An explanation as people read it: a line for each rule, below it what made its answer, and at the end what follows. */
export function explanationText(words: Words, explanation: AccessExplanation): string {
  const { access } = words;
  const { rules, endings, isNamedOwner } = explanation;
  const lines = [
    ...(isNamedOwner ? [access.namedOwner] : []),
    ...rules.flatMap((rule) => ruleLines(words, rule)),
    ...(rules.length === 0 ? [access.noRules] : []),
    `→ ${resultText(words, explanation)}`,
    ...(endings.length > 1
      ? [access.hangs, ...endings.map((ending) => `  ${endingText(words, ending)}`)]
      : []),
  ];
  return lines.map((line) => `  ${line}`).join("\n");
}

const MARKS = { yes: "✓", no: "✗", cannot_tell: "?" } as const;

function ruleLines({ access }: Words, { index, rule, answer, isOpen, reasons }: RuleExplanation): string[] {
  const told = isOpen ? access.open : access.answers[answer];
  return [
    `access[${index}]  ${access.outcomes[rule.then]}  ${MARKS[answer]} ${told}`,
    ...reasons.map((reason) => `  ${reasonText(access, index, reason)}`),
  ];
}

function reasonText(access: Words["access"], index: number, reason: Reason): string {
  const { path, answer, expected, found, why } = reason;
  const parts = [
    ...(expected === null ? [] : [access.wanted(expected)]),
    ...(found === null ? [] : [access.found(found)]),
    ...(why === null ? [] : [access.reasons[why]]),
  ];
  const place = path.slice(`access[${index}].when`.length).replace(/^\./, "") || "when";
  return printable(`${MARKS[answer]} ${place}: ${parts.join(", ")}`);
}

function resultText({ access }: Words, { decision }: AccessExplanation): string {
  if (decision.outcome === "allow") {
    const roles = decision.roles.map(({ role }) => role).join(", ");
    const enters = access.enters(roles);
    return decision.rule === null ? enters : `${enters} (access[${decision.rule}])`;
  }
  const stays = decision.outcome === "ask" ? access.asks : access.staysOut(decision.code);
  return decision.rule === null
    ? `${stays} (${access.noRuleDecides})`
    : `${stays} (access[${decision.rule}])`;
}

function endingText({ access }: Words, { outcome, roles }: Ending): string {
  if (outcome === "allow") return access.enters(roles.join(", "));
  return outcome === "ask" ? access.asks : access.keptOut;
}
