import { type AccessCondition, isConditionWord } from "../model/access-rule.ts";
import type { MembershipAnswer, MembershipQuestion } from "../model/membership.ts";
import { type AskedArrival, examineWord } from "./examine-word.ts";
import { cannotTell, plainly, type Told } from "./told.ts";

/** What came out for a part of a condition, and where it stands: `when.any[1].claim`. */
export type Finding = LeafFinding | GroupFinding;

export interface LeafFinding extends Told {
  readonly kind: "leaf";
  readonly path: string;
  /** What the rule wants, as it is written there. */
  readonly expected: unknown;
  /** What must be asked of the provider before this can be told. */
  readonly question: MembershipQuestion | null;
}

export interface GroupFinding {
  /** How the parts are taken together. */
  readonly kind: "all" | "any" | "not";
  readonly path: string;
  readonly answer: MembershipAnswer;
  readonly parts: readonly Finding[];
}

/**
 * Holds a condition against somebody who arrives, part by part, in three-valued logic (Kleene): "no" decides `all`,
 * "yes" decides `any`, and `not` of what cannot be told cannot be told either. What makes no sense as a condition
 * cannot be told, so that no mistake ever opens a door.
 */
export function examineCondition(when: AccessCondition, arrival: AskedArrival, path = "when"): GroupFinding {
  const entries = isObject(when) ? Object.entries(when) : [];
  const parts = entries.flatMap(([key, value]): readonly Finding[] => {
    const here = `${path}.${key}`;
    if (!isConditionWord(key)) return examineMemberships(key, value, arrival, here);
    if (key === "all" || key === "any") return [examineList(key, value, arrival, here)];
    if (key === "not") return [negated(examineCondition(value as AccessCondition, arrival, here))];
    const told = examineWord(key, value, when, arrival);
    return told === null ? [] : [{ kind: "leaf", path: here, expected: value, question: null, ...told }];
  });
  return group("all", path, parts);
}

/** The least and the most that a finding can still become once everything open in it is told. */
export function rangeOf(finding: Finding): readonly [least: MembershipAnswer, most: MembershipAnswer] {
  if (finding.kind === "leaf") return finding.isOpen ? ["no", "yes"] : [finding.answer, finding.answer];
  const ranges = finding.parts.map(rangeOf);
  if (ranges.length === 0) return [finding.answer, finding.answer];
  const least = ranges.map(([lower]) => lower);
  const most = ranges.map(([, upper]) => upper);
  if (finding.kind === "not") return [combine("not", most), combine("not", least)];
  return [combine(finding.kind, least), combine(finding.kind, most)];
}

/** The first question, in the order of the rule, whose answer still matters; `null` = none. */
export function firstOpenQuestion(finding: Finding): MembershipQuestion | null {
  const [least, most] = rangeOf(finding);
  if (least === most) return null;
  if (finding.kind === "leaf") return finding.question;
  for (const part of finding.parts) {
    const question = firstOpenQuestion(part);
    if (question !== null) return question;
  }
  return null;
}

function examineList(kind: "all" | "any", value: unknown, arrival: AskedArrival, path: string): GroupFinding {
  const conditions: readonly AccessCondition[] = Array.isArray(value) ? value : [];
  const parts = conditions.map((inner, index) => examineCondition(inner, arrival, `${path}[${index}]`));
  return group(kind, path, parts);
}

function negated(finding: GroupFinding): GroupFinding {
  return group("not", finding.path, [finding]);
}

function examineMemberships(
  provider: string,
  checks: unknown,
  arrival: AskedArrival,
  path: string,
): readonly Finding[] {
  const wanted = isObject(checks) ? Object.entries(checks) : [];
  if (wanted.length === 0) return [group("all", path, [])];
  return wanted.map(([check, name]): LeafFinding => {
    const leaf = { kind: "leaf", path: `${path}.${check}`, expected: name, question: null } as const;
    if (typeof name !== "string" || name === "") return { ...leaf, ...cannotTell("malformed") };
    // About the account that arrives: whoever comes from elsewhere does not belong there by it.
    if (arrival.provider !== provider) {
      return { ...leaf, ...plainly(false, arrival.provider), why: "other_provider" };
    }
    const fact = arrival.facts.find((one) => one.check === check && one.wanted === name);
    if (fact === undefined) {
      return { ...leaf, ...cannotTell("not_asked"), isOpen: true, question: { check, wanted: name } };
    }
    if (fact.answer === "cannot_tell") return { ...leaf, ...cannotTell("provider_cannot_tell") };
    return { ...leaf, ...plainly(fact.answer === "yes", fact.answer) };
  });
}

function group(kind: GroupFinding["kind"], path: string, parts: readonly Finding[]): GroupFinding {
  const answers = parts.map(({ answer }) => answer);
  // Nothing to hold against anybody: neither everybody nor nobody.
  return { kind, path, parts, answer: answers.length === 0 ? "cannot_tell" : combine(kind, answers) };
}

const RANK = { no: 0, cannot_tell: 1, yes: 2 } as const satisfies Record<MembershipAnswer, number>;
const ANSWERS = ["no", "cannot_tell", "yes"] as const;

function combine(kind: GroupFinding["kind"], answers: readonly MembershipAnswer[]): MembershipAnswer {
  const ranks = answers.map((answer) => RANK[answer]);
  if (kind === "any") return ANSWERS[Math.max(...ranks)] ?? "cannot_tell";
  const least = Math.min(...ranks);
  return ANSWERS[kind === "all" ? least : 2 - least] ?? "cannot_tell";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
