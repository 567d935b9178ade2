import type { ConfigProblem } from "../errors.ts";
import type { AccessOutcome, AccessRule } from "./access-rule.ts";
import { checkAccessRule } from "./check-access-rules.ts";
import { RULE_LIMITS, type RuleVocabulary } from "./rule-vocabulary.ts";
import type { StoredRule } from "./stored-rule.ts";

/** A rule as it counts. */
export type RuleInForce = AccessRule & {
  /** What the audit log calls it: `rul_…`. Default `access[3]`, its place in the configuration. */
  readonly name?: string;
  /** True when it does not make sense as it stands. Then it lets nobody in, and still keeps out. Default false. */
  readonly isBroken?: boolean;
};

/**
 * A rule in the one list: first those of the configuration, which are locked and win, then those of the database.
 */
export interface ListedRule {
  /** `access[3]` in the configuration, `rul_…` in the database. */
  readonly name: string;
  readonly source: "config" | "database";
  /** As it is written; `null` = it can no longer be read. */
  readonly rule: AccessRule | null;
  readonly enabled: boolean;
  /** Why it does not make sense (any longer): its provider or role is gone, say. Empty = it does. */
  readonly problems: readonly ConfigProblem[];
  /** How it counts; `null` = not at all. */
  readonly inForce: RuleInForce | null;
  /** What is kept of it beside; `null` for one of the configuration. */
  readonly stored: Omit<StoredRule, "rule"> | null;
}

/** Puts the rules of both sources into one list. */
export function listRules(
  configured: readonly AccessRule[],
  stored: readonly StoredRule[],
  vocabulary: RuleVocabulary,
): readonly ListedRule[] {
  return [
    ...configured.map((rule, index) => configuredRule(rule, index)),
    ...stored.slice(0, RULE_LIMITS.rules).map((rule) => storedRule(rule, vocabulary)),
    // Nobody can have written so many here. Whatever stands behind may keep people out: so does what stands for it.
    ...stored
      .slice(RULE_LIMITS.rules, RULE_LIMITS.rules + 1)
      .map((rule) => storedRule({ ...rule, rule: null }, vocabulary)),
  ];
}

/** The rules that count, in their order. */
export function rulesInForce(list: readonly ListedRule[]): readonly RuleInForce[] {
  return list.map(({ inForce }) => inForce).filter((rule) => rule !== null);
}

function configuredRule(rule: AccessRule, index: number): ListedRule {
  const name = `access[${index}]`;
  return {
    name,
    source: "config",
    rule,
    enabled: true,
    problems: [],
    inForce: { ...rule, name },
    stored: null,
  };
}

function storedRule({ rule, ...stored }: StoredRule, vocabulary: RuleVocabulary): ListedRule {
  const { id: name, enabled } = stored;
  const { problems, isReadable } = examineRule(rule, vocabulary);
  return {
    name,
    source: "database",
    rule: isReadable || outcomeOf(rule) !== null ? (rule as AccessRule) : null,
    enabled,
    problems,
    inForce: enabled ? inForce(name, rule, problems.length > 0, isReadable) : null,
    stored,
  };
}

/** Every problem of a rule, at its place in it; readable = nothing is wrong but that something named there is gone. */
function examineRule(
  rule: unknown,
  vocabulary: RuleVocabulary,
): { readonly problems: readonly ConfigProblem[]; readonly isReadable: boolean } {
  const problems: ConfigProblem[] = [];
  let isReadable = true;
  checkAccessRule(rule, "rule", vocabulary, (path, message, fix, missing) => {
    problems.push({ path, message, fix });
    if (missing === undefined) isReadable = false;
  });
  return { problems, isReadable };
}

/**
 * A rule that makes no sense is never left out: what it would have decided about would fall to the rules behind it,
 * which may give more. Where only a name is gone it is held against people as it is written; where more is wrong, its
 * condition cannot be told, and what cannot even be read keeps out everybody.
 */
function inForce(name: string, rule: unknown, isBroken: boolean, isReadable: boolean): RuleInForce {
  if (!isBroken) return { ...(rule as AccessRule), name };
  const then = outcomeOf(rule) ?? "deny";
  const when = isReadable ? (rule as AccessRule).when : {};
  return { when, then, name, isBroken };
}

function outcomeOf(rule: unknown): AccessOutcome | null {
  const then = typeof rule === "object" && rule !== null && "then" in rule ? rule.then : null;
  return then === "allow" || then === "ask" || then === "deny" ? then : null;
}
