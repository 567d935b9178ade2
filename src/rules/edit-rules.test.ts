import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccessRule } from "../model/access-rule.ts";
import type { StoredRule } from "../model/stored-rule.ts";
import { editRules, type RuleEdit, type RulePlace } from "./edit-rules.ts";

const rule = (domain: string): AccessRule => ({ when: { emailDomain: domain }, then: "allow" });
const stored = (n: number, over: Partial<StoredRule> = {}): StoredRule => ({
  id: `rul_${n}`,
  rule: rule(`${n}.example`),
  enabled: true,
  note: null,
  createdAt: 1,
  createdBy: "usr_ada",
  changedAt: 1,
  changedBy: "usr_ada",
  ...over,
});
const RULES = [stored(1), stored(2), stored(3)];

const edit = (one: RuleEdit, rules: readonly StoredRule[] = RULES) =>
  editRules(rules, one, { now: 9, actor: "usr_bo", newId: () => "rul_new" });
const ids = (rules: readonly StoredRule[]) => rules.map(({ id }) => id.replace("rul_", "")).join(" ");

describe("where a rule comes to stand", () => {
  test.each<readonly [RulePlace | undefined, string]>([
    [undefined, "1 2 3 new"],
    ["last", "1 2 3 new"],
    ["first", "new 1 2 3"],
    [{ before: "rul_2" }, "1 new 2 3"],
    [{ after: "rul_2" }, "1 2 new 3"],
    [{ after: "rul_3" }, "1 2 3 new"],
  ])("a new one, %j: %s", (place, order) => {
    const wish = { rule: rule("new.example") };
    expect(ids(edit({ kind: "add", wish, ...(place !== undefined && { place }) }))).toBe(order);
  });

  test.each<readonly [string, RulePlace, string]>([
    ["1", "last", "2 3 1"],
    ["3", "first", "3 1 2"],
    ["1", { after: "rul_2" }, "2 1 3"],
    ["3", { before: "rul_2" }, "1 3 2"],
    ["2", { before: "rul_3" }, "1 2 3"],
    ["2", "last", "1 3 2"],
  ])("%s moved %j: %s", (n, place, order) => {
    expect(ids(edit({ kind: "move", id: `rul_${n}`, place }))).toBe(order);
  });
});

test("a new rule tells who wrote it, and when", () => {
  const wish = { rule: rule("new.example"), enabled: false, note: "for the auditors" };
  expect(edit({ kind: "add", wish }).at(-1)).toEqual({
    id: "rul_new",
    ...wish,
    ...{ createdAt: 9, createdBy: "usr_bo", changedAt: 9, changedBy: "usr_bo" },
  });
});

test.each<readonly [string, RuleEdit, Partial<StoredRule>]>([
  [
    "its content",
    { kind: "change", id: "rul_2", wish: { rule: rule("x.example") } },
    { rule: rule("x.example") },
  ],
  ["its note", { kind: "change", id: "rul_2", wish: { note: "new" } }, { note: "new" }],
  ["being switched off", { kind: "disable", id: "rul_2" }, { enabled: false }],
])("a change of %s stays in its place and tells who did it", (_, one, change) => {
  expect(edit(one)).toEqual([
    RULES[0],
    { ...stored(2), ...change, changedAt: 9, changedBy: "usr_bo" },
    RULES[2],
  ]);
});

test("a rule is removed alone", () => {
  expect(ids(edit({ kind: "remove", id: "rul_2" }))).toBe("1 3");
});

test("a whole list keeps those that it names, makes the others, and leaves out the rest", () => {
  const rules = [
    { id: "rul_3", rule: rule("3.example") },
    { rule: rule("new.example") },
    { id: "rul_1", rule: rule("other.example"), note: "changed" },
  ];
  const after = edit({ kind: "replace", rules });
  expect(ids(after)).toBe("3 new 1");
  expect(after[0]).toBe(RULES[2]);
  expect(after[2]).toMatchObject({ note: "changed", createdBy: "usr_ada", changedBy: "usr_bo" });
});

test.each<RuleEdit>([
  { kind: "change", id: "rul_1", wish: { rule: rule("1.example"), note: null } },
  { kind: "move", id: "rul_1", place: "first" },
  { kind: "move", id: "rul_3", place: { after: "rul_2" } },
  { kind: "enable", id: "rul_1" },
  { kind: "replace", rules: RULES.map(({ id, rule: written }) => ({ id, rule: written as AccessRule })) },
])("what changes nothing is the same list: %j", (one) => {
  expect(edit(one)).toBe(RULES);
});

test.each<readonly [string, RuleEdit, string]>([
  ["a rule that is not there", { kind: "remove", id: "rul_9" }, "rule_not_found"],
  [
    "a place beside one that is not there",
    { kind: "move", id: "rul_1", place: { after: "rul_9" } },
    "rule_not_found",
  ],
  ["a place beside itself", { kind: "move", id: "rul_1", place: { before: "rul_1" } }, "rule_not_found"],
  ["a rule of the configuration", { kind: "disable", id: "access[0]" }, "rule_locked"],
  [
    "a place among those of the configuration",
    { kind: "add", wish: { rule: rule("x.example") }, place: { before: "access[0]" } },
    "rule_locked",
  ],
  [
    "a list that names one twice",
    { kind: "replace", rules: [1, 1].map(() => ({ id: "rul_1", rule: rule("1.example") })) },
    "rule_not_found",
  ],
  [
    "a list that names one that is gone",
    { kind: "replace", rules: [{ id: "rul_9", rule: rule("x.example") }] },
    "rule_not_found",
  ],
])("%s is refused", (_, one, code) => {
  expect(() => edit(one)).toThrow(expect.objectContaining({ code }));
});

test("whatever is done one after the other, no rule is lost, doubled or changed beside the one that is meant", () => {
  const id = fc.nat(4).map((n) => `rul_${n}`);
  const place = fc.oneof(
    fc.constantFrom<RulePlace>("first", "last"),
    fc.record({ before: id }),
    fc.record({ after: id }),
  );
  const step: fc.Arbitrary<RuleEdit> = fc.oneof(
    fc.record({ kind: fc.constant("move" as const), id, place }),
    fc.record({ kind: fc.constantFrom("enable" as const, "disable" as const, "remove" as const), id }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let rules: readonly StoredRule[] = Array.from({ length: 5 }, (_, n) => stored(n));
      for (const one of steps) {
        const before = rules;
        try {
          rules = edit(one, before);
        } catch (error) {
          expect(error).toMatchObject({ code: "rule_not_found" });
          continue;
        }
        const meant = "id" in one ? one.id : "";
        expect(rules.filter((r) => r.id !== meant)).toEqual(before.filter((r) => r.id !== meant));
        expect(rules.filter((r) => r.id === meant)).toHaveLength(one.kind === "remove" ? 0 : 1);
      }
    }),
  );
});
