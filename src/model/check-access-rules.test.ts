import { describe, expect, test } from "vitest";
import { checkAccessRules } from "./check-access-rules.ts";
import { RULE_LIMITS, type RuleVocabulary } from "./rule-vocabulary.ts";

const VOCABULARY: RuleVocabulary = {
  providers: [
    { id: "github", checks: { team: { example: "acme/ops" }, organization: { example: "acme" } } },
    { id: "slack", checks: {} },
  ],
  roles: ["owner", "admin", "auditor", "member", "support"],
};

/** What is reported of rules, as they come out of JSON. */
function problemsOf(rules: unknown) {
  const problems: { readonly path: string; readonly message: string; readonly fix: string }[] = [];
  const fromJson: unknown = JSON.parse(JSON.stringify(rules));
  checkAccessRules(fromJson, "access", VOCABULARY, (path, message, fix) =>
    problems.push({ path, message, fix }),
  );
  return problems;
}

const about = (when: unknown) => problemsOf([{ when, then: "allow" }]);

/** A condition inside that many others. */
function nested(depth: number): object {
  return depth === 1 ? { provider: "github" } : { not: nested(depth - 1) };
}

describe("rules that are fine", () => {
  test.each([
    { when: { provider: "github" }, then: "allow", roles: ["support"] },
    { when: { emailDomain: "example.com", subdomains: true }, then: "ask" },
    { when: { email: "ada@example.com" }, then: "deny" },
    { when: { provider: "slack", tenant: "T0R7GR" }, then: "allow" },
    { when: { tenant: "https://login.example/8d3c/v2.0" }, then: "allow" },
    { when: { github: { team: "acme/ops", organization: "acme" } }, then: "allow" },
    { when: { claim: { path: "realm_access.roles", contains: "finance" } }, then: "allow" },
    { when: { claim: { path: ["https://acme.example/roles"], in: ["a", 1, true] } }, then: "allow" },
    { when: { claim: { path: "hd", equals: "example.com" } }, then: "allow" },
    { when: { claim: { path: "department", matches: "finance-*" } }, then: "allow" },
    { when: { all: [{ any: [{ provider: "github" }] }, { not: { provider: "slack" } }] }, then: "allow" },
    { when: nested(RULE_LIMITS.depth), then: "allow" },
  ])("%j", (rule) => {
    expect(problemsOf([rule])).toEqual([]);
  });
});

describe("a mistake is told at its place, with a way to mend it", () => {
  test.each<readonly [object, string, RegExp]>([
    [{ then: "alow" }, ".then", /"allow"/],
    [{ then: "request" }, ".then", /"ask"/],
    [{ rolse: ["member"] }, ".rolse", /"roles"/],
    [{ then: "deny", roles: ["member"] }, ".roles", /Remove it/],
    [{ roles: ["supprot"] }, ".roles[0]", /"support"/],
    [{ roles: [["member"]] }, ".roles[0]", /Did you mean "member"/],
    [{ when: undefined }, ".when", /emailDomain/],
    [{ when: [{ provider: "github" }] }, ".when", /any/],
  ])("%j", (more, path, fix) => {
    expect(problemsOf([{ when: { provider: "github" }, then: "allow", ...more }])).toMatchObject([
      { path: `access[0]${path}`, fix: expect.stringMatching(fix) },
    ]);
  });

  test.each<readonly [object, string, RegExp]>([
    [{ provider: "githup" }, ".provider", /"github"/],
    [{ emialDomain: "example.com" }, ".emialDomain", /emailDomain/],
    [{ tennant: "x" }, ".tennant", /tenant/],
    [{ tenant: "T0R7GR" }, ".tenant", /provider/],
    [{ email: 5 }, ".email", /one value/],
    [{ email: null }, ".email", /one value/],
    [{ emailDomain: ["a.example", "b.example"] }, ".emailDomain", /any/],
    [{ emailDomain: "example.com." }, ".emailDomain", /after the @/],
    [{ emailDomain: "*.example.com", subdomains: "yes" }, ".subdomains", /subdomains: true/],
    [{ provider: "github", subdomains: true }, ".subdomains", /emailDomain/],
    [{ any: [] }, ".any", /any: \[/],
    [{ all: { provider: "github" } }, ".all", /all: \[/],
    [{ any: [{ provider: "github" }, {}] }, ".any[1]", /Say whom/],
    [{ not: {} }, ".not", /Say whom/],
    [{ not: "github" }, ".not", /Say whom/],
    [{ not: { any: [{ github: { taem: "a/b" } }] } }, ".not.any[0].github.taem", /team/],
    [{ slack: { channel: "x" } }, ".slack", /claim/],
    [{ claim: "roles" }, ".claim", /realm_access/],
    [{ claim: { path: "hd" } }, ".claim", /equals, in, contains, matches/],
    [{ claim: { path: "hd", equals: "a", in: ["a"] } }, ".claim", /all or any/],
    [{ claim: { path: "hd", equlas: "a", equals: "a" } }, ".claim.equlas", /equals/],
    [{ claim: { equals: "a" } }, ".claim.path", /names with dots/],
    [{ claim: { path: "a..b", equals: "a" } }, ".claim.path", /names with dots/],
    [{ claim: { path: "email", matches: "*@example.com" } }, ".claim.path", /emailDomain/],
    [{ claim: { path: ["user", "email"], equals: "ada@example.com" } }, ".claim.path", /emailDomain/],
    [{ claim: { path: ["a", 0], equals: "a" } }, ".claim.path", /names with dots/],
    [{ claim: { path: "a", equals: null } }, ".claim.equals", /value/],
    [{ claim: { path: "a", contains: ["a"] } }, ".claim.contains", /value/],
    [{ claim: { path: "a", in: "a" } }, ".claim.in", /\["finance", "audit"\]/],
    [{ claim: { path: "a", in: [] } }, ".claim.in", /\["finance", "audit"\]/],
    [{ claim: { path: "a", in: ["a", {}] } }, ".claim.in[1]", /value/],
    [{ claim: { path: "a", matches: "" } }, ".claim.matches", /finance-\*/],
    [{ claim: { path: "a", matches: "**?" } }, ".claim.matches", /finance-\*/],
    [{ claim: { path: "a", matches: "^finance" } }, ".claim.matches", /whole text/],
    [{ claim: { path: "a", matches: "x".repeat(257) } }, ".claim.matches", /Shorten/],
  ])("%j", (when, path, fix) => {
    expect(about(when)).toMatchObject([{ path: `access[0].when${path}`, fix: expect.stringMatching(fix) }]);
  });
});

describe("size is limited", () => {
  test("in depth", () => {
    const [problem] = about(nested(RULE_LIMITS.depth + 1));
    expect(problem).toMatchObject({ message: expect.stringContaining("deeper than 8") });
    expect(about(nested(3000))).toHaveLength(1);
  });

  test("in conditions, told once however many there are", () => {
    const many = (count: number) => ({ any: Array.from({ length: count }, () => ({ provider: "github" })) });
    expect(about(many(RULE_LIMITS.conditions))).toEqual([]);
    expect(about(many(RULE_LIMITS.conditions + 1))).toMatchObject([
      { path: "access[0].when", fix: expect.stringContaining("several rules") },
    ]);
    expect(about({ all: [many(60), many(60)] })).toHaveLength(1);
    expect(about({ any: Array.from({ length: 1000 }, () => many(60)) })).toHaveLength(1);
  });

  test("in rules and values", () => {
    const rule = { when: { provider: "github" }, then: "allow" };
    expect(problemsOf(Array.from({ length: RULE_LIMITS.rules + 1 }, () => rule))).toHaveLength(1);
    expect(
      about({ claim: { path: "a", in: Array.from({ length: 201 }, (_, index) => index) } }),
    ).toHaveLength(1);
  });
});

test("every mistake is told at once", () => {
  const rules = [{ when: { provider: "githup", email: "x" }, then: "alow" }, "no rule"];
  expect(problemsOf(rules).map(({ path }) => path)).toEqual([
    "access[0].then",
    "access[0].when.provider",
    "access[0].when.email",
    "access[1]",
  ]);
});
