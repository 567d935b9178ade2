import { type ConfigProblem, PosternError } from "../errors.ts";
import { checkAccessRule } from "../model/check-access-rules.ts";
import { type Report, RULE_LIMITS, type RuleVocabulary } from "../model/rule-vocabulary.ts";
import { isNestedWithin, STORED_RULE_LIMITS, type StoredRule } from "../model/stored-rule.ts";
import type { RuleEdit, RuleWish } from "./edit-rules.ts";

/** What a written rule is held against. */
interface Surroundings {
  /** The rules of the database as they are. */
  readonly rules: readonly StoredRule[];
  /** How many the configuration has. */
  readonly configured: number;
  readonly vocabulary: RuleVocabulary;
}

/**
 * Refuses what makes no sense as a rule, with every problem at its place: `rule.when.emailDomain`, in a whole list
 * `rules[3].rule.when`. A rule that is broken by now may stay as it is: mending one must not wait for all others.
 * @throws PosternError `rule_invalid`
 */
export function requireSoundEdit(edit: RuleEdit, { rules, configured, vocabulary }: Surroundings): void {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, message, fix) => problems.push({ path, message, fix });
  if (edit.kind === "replace" && !Array.isArray(edit.rules)) {
    report("rules", "is not a list", "Write [{ rule: { when: { … }, then: … } }].");
  } else if (edit.kind === "replace") {
    edit.rules.forEach((wish, index) => {
      const before = rules.find(({ id }) => id === wish.id);
      checkWish(wish, `rules[${index}].`, before, vocabulary, report);
    });
  } else if (edit.kind === "add" || edit.kind === "change") {
    const before = edit.kind === "add" ? undefined : rules.find(({ id }) => id === edit.id);
    checkWish(edit.wish, "", before, vocabulary, report);
  }
  const count = edit.kind === "replace" ? edit.rules.length : rules.length + (edit.kind === "add" ? 1 : 0);
  if (configured + count > RULE_LIMITS.rules && count > rules.length) {
    const message = `would be more than ${RULE_LIMITS.rules}, with the ${configured} of the configuration`;
    report("rules", message, "Take several together with any, or remove some.");
  }
  if (problems.length === 0) return;
  const lines = problems.map(({ path, message, fix }) => `${path}: ${message}. ${fix}`);
  throw new PosternError("rule_invalid", lines.join("\n"), { problems });
}

function checkWish(
  wish: Partial<RuleWish>,
  prefix: string,
  before: StoredRule | undefined,
  vocabulary: RuleVocabulary,
  report: Report,
): void {
  const { rule, enabled, note } = wish;
  if (rule !== undefined || before === undefined)
    checkWritten(rule, `${prefix}rule`, before, vocabulary, report);
  if (enabled !== undefined && typeof enabled !== "boolean") {
    report(`${prefix}enabled`, "is neither true nor false", "Write true or false.");
  }
  if (note === undefined || note === null) return;
  const most = STORED_RULE_LIMITS.noteCharacters;
  if (typeof note !== "string" || note === "" || /\p{Cc}/u.test(note)) {
    report(`${prefix}note`, "is not a line of text", "Say in a few words what the rule is for.");
  } else if (note.length > most) {
    report(`${prefix}note`, `is longer than ${most} characters`, "Shorten it.");
  }
}

function checkWritten(
  rule: unknown,
  path: string,
  before: StoredRule | undefined,
  vocabulary: RuleVocabulary,
  report: Report,
): void {
  const { nesting, ruleCharacters } = STORED_RULE_LIMITS;
  // What is nested without end cannot even be written out.
  const json = isNestedWithin(rule, nesting) ? (JSON.stringify(rule) ?? "") : null;
  if (json !== null && before !== undefined && json === JSON.stringify(before.rule)) return;
  checkAccessRule(rule, path, vocabulary, report);
  if (json === null || json.length > ruleCharacters) {
    report(path, `is longer than ${ruleCharacters} characters as JSON`, "Divide it into several rules.");
  }
}
