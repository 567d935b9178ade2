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

function ruleLines({ access }: Words, { name, rule, answer, isOpen, reasons }: RuleExplanation): string[] {
  const told = isOpen ? access.open : access.answers[answer];
  return [
    `${name}  ${access.outcomes[rule.then]}  ${MARKS[answer]} ${told}`,
    ...(rule.isBroken === true ? [`  ${access.broken}`] : []),
    ...reasons.map((reason) => `  ${reasonText(access, name, reason)}`),
  ];
}

function reasonText(access: Words["access"], name: string, reason: Reason): string {
  const { path, answer, expected, found, why } = reason;
  const parts = [
    ...(expected === null ? [] : [access.wanted(expected)]),
    ...(found === null ? [] : [access.found(found)]),
    ...(why === null ? [] : [access.reasons[why]]),
  ];
  const place = path.slice(`${name}.when`.length).replace(/^\./, "") || "when";
  return printable(`${MARKS[answer]} ${place}: ${parts.join(", ")}`);
}

function resultText({ access }: Words, { decision, rules }: AccessExplanation): string {
  const decider = decision.rule === null ? undefined : rules[decision.rule];
  if (decision.outcome === "allow") {
    const enters = access.enters(decision.roles.map(({ role }) => role).join(", "));
    return decider === undefined ? enters : `${enters} (${decider.name})`;
  }
  const stays = decision.outcome === "ask" ? access.asks : access.staysOut(decision.code);
  return `${stays} (${decider?.name ?? access.noRuleDecides})`;
}

function endingText({ access }: Words, { outcome, roles }: Ending): string {
  if (outcome === "allow") return access.enters(roles.join(", "));
  return outcome === "ask" ? access.asks : access.keptOut;
}
