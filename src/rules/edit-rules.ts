import { PosternError } from "../errors.ts";
import type { AccessRule } from "../model/access-rule.ts";
import type { StoredRule } from "../model/stored-rule.ts";

/** Where a rule goes among those of the database; the configuration's always come before them. */
export type RulePlace = "first" | "last" | { readonly before: string } | { readonly after: string };

/** A rule as somebody writes it. */
export interface RuleWish {
  /** `{ when, then, roles }`: whatever arrives is checked. */
  readonly rule: AccessRule;
  /** Default true. */
  readonly enabled?: boolean;
  /** What it is for. Default none. */
  readonly note?: string | null;
}

/** What can be done to the rules of the database. */
export type RuleEdit =
  | { readonly kind: "add"; readonly wish: RuleWish /** Default `last`. */; readonly place?: RulePlace }
  | { readonly kind: "change"; readonly id: string; readonly wish: Partial<Omit<RuleWish, "enabled">> }
  | { readonly kind: "move"; readonly id: string; readonly place: RulePlace }
  | { readonly kind: "enable" | "disable" | "remove"; readonly id: string }
  | {
      readonly kind: "replace";
      /** A rule with the id of one that is there stays that one, changed or not. */
      readonly rules: readonly (RuleWish & { readonly id?: string })[];
    };

interface Hand {
  readonly now: number;
  readonly actor: string;
  readonly newId: () => string;
}

/**
 * The rules as an edit leaves them; the same list when it changes nothing. Pure: what is written is not checked here.
 * @throws PosternError `rule_not_found`, `rule_locked`
 */
export function editRules(rules: readonly StoredRule[], edit: RuleEdit, hand: Hand): readonly StoredRule[] {
  const edited = apply(rules, edit, hand);
  return sameRules(rules, edited) ? rules : edited;
}

function apply(rules: readonly StoredRule[], edit: RuleEdit, hand: Hand): readonly StoredRule[] {
  if (edit.kind === "replace") return replaced(rules, edit.rules, hand);
  if (edit.kind === "add") return placed(rules, newRule(edit.wish, hand.newId(), hand), edit.place ?? "last");
  const rule = find(rules, edit.id);
  const others = rules.filter((one) => one !== rule);
  if (edit.kind === "remove") return others;
  if (edit.kind === "move") return placed(others, rule, edit.place, rule.id);
  const next =
    edit.kind === "change"
      ? changed(rule, edit.wish, hand)
      : changed(rule, { enabled: edit.kind === "enable" }, hand);
  return rules.map((one) => (one === rule ? next : one));
}

function replaced(
  rules: readonly StoredRule[],
  wishes: readonly (RuleWish & { readonly id?: string })[],
  hand: Hand,
): readonly StoredRule[] {
  const taken = new Set<string>();
  return wishes.map(({ id, ...wish }) => {
    if (id === undefined) return newRule(wish, hand.newId(), hand);
    // A list that names one twice cannot mean it.
    if (taken.has(id)) throw new PosternError("rule_not_found", `The list names the rule ${id} twice.`);
    taken.add(id);
    return changed(find(rules, id), { enabled: true, note: null, ...wish }, hand);
  });
}

function newRule(
  { rule, enabled = true, note = null }: RuleWish,
  id: string,
  { now, actor }: Hand,
): StoredRule {
  return { id, rule, enabled, note, createdAt: now, createdBy: actor, changedAt: now, changedBy: actor };
}

/** Whoever changes nothing leaves no trace. */
function changed(rule: StoredRule, wish: Partial<RuleWish>, { now, actor }: Hand): StoredRule {
  const next = {
    ...rule,
    ...(wish.rule !== undefined && { rule: wish.rule }),
    ...(wish.enabled !== undefined && { enabled: wish.enabled }),
    ...(wish.note !== undefined && { note: wish.note }),
  };
  return sameRule(rule, next) ? rule : { ...next, changedAt: now, changedBy: actor };
}

function placed(
  others: readonly StoredRule[],
  rule: StoredRule,
  place: RulePlace,
  own?: string,
): readonly StoredRule[] {
  const beside = typeof place === "string" ? null : "before" in place ? place.before : place.after;
  // Beside itself: where it is.
  if (beside !== null && beside === own)
    throw new PosternError("rule_not_found", "A rule cannot stand beside itself.");
  const index =
    place === "first"
      ? 0
      : place === "last" || beside === null
        ? others.length
        : others.indexOf(find(others, beside)) + ("after" in place ? 1 : 0);
  return others.toSpliced(index, 0, rule);
}

function find(rules: readonly StoredRule[], id: string): StoredRule {
  const found = rules.find((rule) => rule.id === id);
  if (found !== undefined) return found;
  if (/^access\[\d+\]$/.test(id)) {
    throw new PosternError("rule_locked", `The rule ${id} stands in the configuration. Change it there.`);
  }
  throw new PosternError("rule_not_found", `There is no rule "${id}" in the database.`);
}

function sameRules(one: readonly StoredRule[], other: readonly StoredRule[]): boolean {
  return one.length === other.length && one.every((rule, index) => rule === other[index]);
}

function sameRule(one: StoredRule, other: StoredRule): boolean {
  return (
    one.enabled === other.enabled &&
    one.note === other.note &&
    JSON.stringify(one.rule) === JSON.stringify(other.rule)
  );
}
