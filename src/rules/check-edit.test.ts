import { describe, expect, test } from "vitest";
import { PosternError } from "../errors.ts";
import type { AccessCondition, AccessRule } from "../model/access-rule.ts";
import type { RuleVocabulary } from "../model/rule-vocabulary.ts";
import type { StoredRule } from "../model/stored-rule.ts";
import { requireSoundEdit } from "./check-edit.ts";
import type { RuleEdit } from "./edit-rules.ts";

const VOCABULARY: RuleVocabulary = {
  providers: [{ id: "github", checks: { team: { example: "acme/ops" } } }],
  roles: ["owner", "admin", "member", "support"],
};
const SOUND: AccessRule = { when: { github: { team: "acme/ops" } }, then: "allow", roles: ["support"] };
const GONE = { when: { provider: "okta" }, then: "deny" } as const;
const stored = (rule: unknown, n = 1): StoredRule => ({
  ...{ id: `rul_${n}`, rule, enabled: true, note: null },
  ...{ createdAt: 1, createdBy: "a", changedAt: 1, changedBy: "a" },
});

function problemsOf(edit: RuleEdit, rules: readonly StoredRule[] = [stored(SOUND)], configured = 0) {
  try {
    requireSoundEdit(edit, { rules, configured, vocabulary: VOCABULARY });
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PosternError);
    expect(error).toMatchObject({ code: "rule_invalid" });
    return (error as PosternError).problems;
  }
}
const add = (rule: unknown, more: object = {}): RuleEdit => ({
  kind: "add",
  wish: { rule: rule as AccessRule, ...more },
});
const paths = (...found: Parameters<typeof problemsOf>) => problemsOf(...found).map(({ path }) => path);

describe("what somebody writes is told at its place, with the nearest word", () => {
  test("a provider, a role, a word, an outcome", () => {
    const slips = {
      when: { any: [{ provider: "githup" }, { github: { tem: "acme/ops" } }] },
      then: "allow",
      roles: ["suport"],
      rolse: [],
    };
    const problems = problemsOf(add(slips));
    expect(problems.map(({ path, fix }) => [path, fix.replace(/"\?.*/, '"?')])).toEqual([
      ["rule.rolse", 'Did you mean "roles"?'],
      ["rule.when.any[0].provider", 'Did you mean "github"?'],
      ["rule.when.any[1].github.tem", "Did you mean: team?"],
      ["rule.roles[0]", 'Did you mean "support"?'],
    ]);
    expect(paths(add({ when: { provider: "github" }, then: "alow" }))).toEqual(["rule.then"]);
  });

  test("in a whole list with its number", () => {
    const rules = [{ rule: SOUND }, { rule: { ...SOUND, roles: ["nobody"] } }, { rule: SOUND, note: "" }];
    expect(paths({ kind: "replace", rules })).toEqual(["rules[1].rule.roles[0]", "rules[2].note"]);
  });

  test.each<unknown>([null, undefined, 5, "allow", [], () => {}])("%s is no rule", (rule) => {
    expect(paths(add(rule))).toContain("rule");
  });

  test("notes are a line of text, and switches true or false", () => {
    for (const note of ["", "two\nlines", "\0", "x".repeat(301), 5]) {
      expect(paths(add(SOUND, { note }))).toEqual(["note"]);
    }
    expect(paths(add(SOUND, { note: "x".repeat(300), enabled: false }))).toEqual([]);
    expect(paths(add(SOUND, { enabled: "no" }))).toEqual(["enabled"]);
  });
});

describe("no list of rules gets too large", () => {
  test("neither by their number, those of the configuration counted", () => {
    const many = Array.from({ length: 499 }, (_, n) => stored(SOUND, n));
    expect(paths(add(SOUND), many)).toEqual([]);
    expect(paths(add(SOUND), many, 1)).toEqual(["rules"]);
    expect(paths({ kind: "replace", rules: Array.from({ length: 501 }, () => ({ rule: SOUND })) })).toEqual([
      "rules",
    ]);
    // When the configuration has grown, what is there can still be mended and removed.
    expect(paths({ kind: "change", id: "rul_1", wish: { note: "x" } }, many, 400)).toEqual([]);
  });

  test("nor by one that is long, or nested, or holds itself", () => {
    const texts = Array.from({ length: 200 }, (_, n) => `${n}`.padEnd(200, "x"));
    expect(paths(add({ when: { claim: { path: "x", in: texts } }, then: "allow" }))).toEqual(["rule"]);
    let deep: AccessCondition = { provider: "github" };
    for (let n = 0; n < 20_000; n++) deep = { not: deep };
    expect(paths(add({ when: deep, then: "allow" })).length).toBeGreaterThan(0);
    const round: Record<string, unknown> = {};
    round.not = round;
    expect(paths(add({ when: round, then: "allow" })).length).toBeGreaterThan(0);
  });
});

describe("a rule that was sound once and is not any more", () => {
  const rules = [stored(GONE), stored(SOUND, 2)];

  test("may stay as it is, while others are changed and it gets a note", () => {
    expect(paths({ kind: "change", id: "rul_1", wish: { note: "okta is gone" } }, rules)).toEqual([]);
    expect(paths({ kind: "disable", id: "rul_1" }, rules)).toEqual([]);
    const list = [
      { id: "rul_2", rule: SOUND },
      { id: "rul_1", rule: GONE },
    ];
    expect(paths({ kind: "replace", rules: list }, rules)).toEqual([]);
  });

  test("is written by nobody anew, not even with its id", () => {
    expect(paths(add(GONE), rules)).toEqual(["rule.when.provider"]);
    const other = { ...GONE, then: "ask" as const };
    expect(paths({ kind: "change", id: "rul_1", wish: { rule: other } }, rules)).toEqual([
      "rule.when.provider",
    ]);
    expect(paths({ kind: "replace", rules: [{ id: "rul_2", rule: GONE }] }, rules)).toEqual([
      "rules[0].rule.when.provider",
    ]);
  });
});
