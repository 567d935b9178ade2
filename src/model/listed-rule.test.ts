import { describe, expect, test } from "vitest";
import type { AccessRule } from "./access-rule.ts";
import { listRules, rulesInForce } from "./listed-rule.ts";
import type { RuleVocabulary } from "./rule-vocabulary.ts";
import type { StoredRule } from "./stored-rule.ts";

const VOCABULARY: RuleVocabulary = {
  providers: [
    { id: "google", checks: {} },
    { id: "github", checks: { team: { example: "acme/ops" } } },
  ],
  roles: ["owner", "admin", "member", "support"],
};

const stored = (id: string, rule: unknown, over: Partial<StoredRule> = {}): StoredRule => ({
  id,
  rule,
  enabled: true,
  note: null,
  createdAt: 1,
  createdBy: "usr_ada",
  changedAt: 2,
  changedBy: "usr_bo",
  ...over,
});
const ALLOW: AccessRule = { when: { emailDomain: "example.com" }, then: "allow", roles: ["support"] };
const DENY: AccessRule = { when: { provider: "github" }, then: "deny" };
const listed = (rule: unknown) => listRules([], [stored("rul_1", rule)], VOCABULARY)[0];

test("the configuration's rules come first, then those of the database in their order, each with its name", () => {
  const list = listRules([DENY, ALLOW], [stored("rul_2", ALLOW), stored("rul_1", DENY)], VOCABULARY);
  expect(list.map(({ name, source, rule, problems }) => ({ name, source, rule, problems }))).toEqual([
    { name: "access[0]", source: "config", rule: DENY, problems: [] },
    { name: "access[1]", source: "config", rule: ALLOW, problems: [] },
    { name: "rul_2", source: "database", rule: ALLOW, problems: [] },
    { name: "rul_1", source: "database", rule: DENY, problems: [] },
  ]);
  expect(rulesInForce(list)).toEqual([
    { ...DENY, name: "access[0]" },
    { ...ALLOW, name: "access[1]" },
    { ...ALLOW, name: "rul_2" },
    { ...DENY, name: "rul_1" },
  ]);
});

test("one that is switched off is in the list and does not count, whatever it says", () => {
  const off = [ALLOW, null].map((rule, n) => stored(`rul_${n}`, rule, { enabled: false }));
  const list = listRules([], [...off, stored("rul_9", DENY)], VOCABULARY);
  expect(list.map(({ enabled }) => enabled)).toEqual([false, false, true]);
  expect(rulesInForce(list).map(({ name }) => name)).toEqual(["rul_9"]);
});

describe("one that names what is gone", () => {
  test.each<readonly [string, AccessRule, string]>([
    ["a provider", { when: { provider: "okta" }, then: "allow" }, "rule.when.provider"],
    ["a provider that was asked", { when: { okta: { group: "staff" } }, then: "ask" }, "rule.when.okta"],
    [
      "one in a combination",
      { when: { not: { any: [{ okta: { group: "x" } }] } }, then: "deny" },
      "rule.when.not.any[0].okta",
    ],
    [
      "what a provider was asked",
      { when: { github: { organization: "acme" } }, then: "deny" },
      "rule.when.github.organization",
    ],
    [
      "what no provider can be asked any more",
      { when: { google: { group: "x" } }, then: "deny" },
      "rule.when.google",
    ],
    ["a role", { when: { provider: "google" }, then: "allow", roles: ["member", "lead"] }, "rule.roles[1]"],
  ])("%s: is held against people as it is written, and lets nobody in", (_, rule, path) => {
    const one = listed(rule);
    expect(one).toMatchObject({ rule, problems: [{ path }] });
    expect(one?.inForce).toEqual({ when: rule.when, then: rule.then, name: "rul_1", isBroken: true });
  });

  test("is sound again when it comes back", () => {
    const rule: AccessRule = { when: { provider: "google" }, then: "allow", roles: ["lead"] };
    const roles = [...VOCABULARY.roles, "lead"];
    const [one] = listRules([], [stored("rul_1", rule)], { ...VOCABULARY, roles });
    expect(one).toMatchObject({ problems: [], inForce: rule });
  });
});

describe("one that nobody here can have written", () => {
  test.each<readonly [string, unknown]>([
    ["a misspelt word", { when: { emialDomain: "example.com" }, then: "allow" }],
    ["an empty condition", { when: {}, then: "allow" }],
    ["no condition", { then: "allow" }],
    ["another type", { when: { provider: ["google"] }, then: "allow" }],
    ["a list with nothing in it", { when: { any: [null] }, then: "allow" }],
    ["roles that are no list", { when: { provider: "google" }, then: "allow", roles: "owner" }],
    ["a role that is no name", { when: { provider: "google" }, then: "allow", roles: [{}] }],
    ["a field of another kind", { when: { provider: "google" }, then: "allow", enabled: true }],
    ["a question that is none", { when: { okta: { group: 5 } }, then: "allow" }],
    ["too much nesting", { when: nested(9), then: "allow" }],
    ["a name that is gone beside it", { when: { provider: "okta", claim: 5 }, then: "allow" }],
  ])("%s: cannot be told of anybody", (_, rule) => {
    for (const then of ["allow", "deny", "ask"] as const) {
      const one = listed({ ...(rule as object), then });
      expect(one?.problems.length).toBeGreaterThan(0);
      expect(one?.inForce).toEqual({ when: {}, then, name: "rul_1", isBroken: true });
    }
  });

  test.each<unknown>([
    null,
    5,
    "allow",
    [],
    {},
    { when: { provider: "google" } },
    { when: { provider: "google" }, then: "alow" },
    { when: { provider: "google" }, then: ["allow"] },
  ])("%j: keeps everybody out", (rule) => {
    expect(listed(rule)).toMatchObject({ rule: null });
    expect(listed(rule)?.problems.length).toBeGreaterThan(0);
    expect(listed(rule)?.inForce).toEqual({ when: {}, then: "deny", name: "rul_1", isBroken: true });
  });
});

test("of more than there can be, the rest is one that keeps everybody out", () => {
  const many = Array.from({ length: 600 }, (_, n) => stored(`rul_${n}`, ALLOW));
  const list = listRules([DENY], many, VOCABULARY);
  expect(list).toHaveLength(502);
  expect(list.at(-2)?.inForce).toMatchObject({ then: "allow" });
  expect(list.at(-1)).toMatchObject({ name: "rul_500", rule: null, inForce: { when: {}, then: "deny" } });
});

function nested(levels: number): object {
  return levels === 0 ? { provider: "google" } : { not: nested(levels - 1) };
}
