import { describe, expect, test } from "vitest";
import type { AccessRule } from "../model/access-rule.ts";
import type { MembershipAnswer } from "../model/membership.ts";
import { askMembership } from "./ask-membership.ts";
import { decideAccess } from "./decide-access.ts";

const ANA = {
  provider: "github",
  userInfo: { subject: "583231", email: "ana@example.com", emailVerified: true },
};
const team = (wanted: string) => ({ github: { team: wanted } });

/** Signs Ana in by these rules, with a provider that answers from a table. */
async function arrive(
  access: readonly AccessRule[],
  told: Readonly<Record<string, MembershipAnswer>> = {},
  arrival = ANA,
) {
  const asked: string[] = [];
  const facts = await askMembership({ access }, arrival, async (check, wanted) => {
    asked.push(`${check} ${wanted}`);
    return told[`${check} ${wanted}`] ?? "cannot_tell";
  });
  const decision = decideAccess({ owners: [], access }, { ...arrival, directRoles: [], facts });
  return { asked, decision };
}

describe("what is asked", () => {
  test("nothing, when no rule wants to know", async () => {
    const { asked } = await arrive([{ when: { emailDomain: "example.com" }, then: "allow" }]);
    expect(asked).toEqual([]);
  });

  test("nothing, when a rule before decides", async () => {
    const { asked } = await arrive([
      { when: { email: "ana@example.com" }, then: "allow" },
      { when: team("acme/ops"), then: "allow" },
    ]);
    expect(asked).toEqual([]);
  });

  test("nothing of a rule whose other conditions do not hold, or that is about another provider", async () => {
    const { asked } = await arrive([
      { when: { emailDomain: "other.example", ...team("acme/ops") }, then: "allow" },
      { when: { gitlab: { group: "acme" } }, then: "allow" },
      { when: { gitlab: { group: "acme" }, ...team("acme/ops") }, then: "allow" },
    ]);
    expect(asked).toEqual([]);
  });

  test("one thing at a time, in the order of the rules, until one matches", async () => {
    const rules: readonly AccessRule[] = [
      { when: team("acme/admins"), then: "allow", roles: ["admin"] },
      { when: team("acme/ops"), then: "allow" },
      { when: team("acme/guests"), then: "allow" },
    ];
    const { asked, decision } = await arrive(rules, { "team acme/admins": "no", "team acme/ops": "yes" });
    expect(asked).toEqual(["team acme/admins", "team acme/ops"]);
    expect(decision).toMatchObject({ outcome: "allow", rule: 1 });
  });

  test("nothing twice", async () => {
    const rules: readonly AccessRule[] = [
      { when: { provider: "github", ...team("acme/ops") }, then: "deny" },
      { when: team("acme/ops"), then: "allow" },
    ];
    expect((await arrive(rules, { "team acme/ops": "no" })).asked).toEqual(["team acme/ops"]);
  });

  test("no second condition of a rule that fails by its first", async () => {
    const when = { github: { organization: "acme", team: "acme/ops" } };
    const { asked } = await arrive([{ when, then: "allow" }], { "organization acme": "no" });
    expect(asked).toEqual(["organization acme"]);
  });
});

describe("what is asked of combinations", () => {
  const ALWAYS = { provider: "github" };
  const NEVER = { provider: "google" };
  const CLAIM = { claim: { path: "department", equals: "ops" } };

  test.each<readonly [string, AccessRule, readonly string[]]>([
    ["nothing that is decided without it", { when: { any: [ALWAYS, team("a/b")] }, then: "allow" }, []],
    [
      "nothing in a part that fails",
      { when: { any: [{ all: [NEVER, team("a/b")] }, team("c/d")] }, then: "allow" },
      ["team c/d"],
    ],
    [
      "nothing in a part that holds",
      { when: { all: [{ any: [ALWAYS, team("a/b")] }, team("c/d")] }, then: "allow" },
      ["team c/d"],
    ],
    ["nothing that could let nobody in any more", { when: { all: [CLAIM, team("a/b")] }, then: "allow" }, []],
    [
      "what could still spare somebody a rule that denies",
      { when: { all: [CLAIM, team("a/b")] }, then: "deny" },
      ["team a/b"],
    ],
    ["what stands under not", { when: { not: team("a/b") }, then: "allow" }, ["team a/b"]],
    ["nothing that makes no sense", { when: { any: [team(""), team("a/b")] }, then: "allow" }, ["team a/b"]],
  ])("%s", async (_, rule, expected) => {
    const userInfo = { ...ANA.userInfo, claims: {} };
    expect((await arrive([rule], {}, { ...ANA, userInfo })).asked).toEqual(expected);
  });

  test("and not of what cannot be told lets nobody in", async () => {
    const { decision } = await arrive([{ when: { not: team("a/b") }, then: "allow" }]);
    expect(decision).toMatchObject({ outcome: "deny", rule: null });
  });
});

describe("a provider that cannot tell", () => {
  test("lets nobody in by a rule that allows, and the rules after it still count", async () => {
    const rules: readonly AccessRule[] = [
      { when: team("acme/ops"), then: "allow", roles: ["admin"] },
      { when: { emailDomain: "example.com" }, then: "allow" },
    ];
    expect((await arrive(rules)).decision).toMatchObject({ outcome: "allow", rule: 1 });
    expect((await arrive(rules.slice(0, 1))).decision).toMatchObject({ outcome: "deny", rule: null });
  });

  test("keeps people out by a rule that denies", async () => {
    const rules: readonly AccessRule[] = [
      { when: team("acme/left"), then: "deny" },
      { when: { emailDomain: "example.com" }, then: "allow" },
    ];
    expect((await arrive(rules)).decision).toMatchObject({ outcome: "deny", code: "not_allowed", rule: 0 });
    const stayed = await arrive(rules, { "team acme/left": "no" });
    expect(stayed.decision).toMatchObject({ outcome: "allow", rule: 1 });
  });

  test("does not count against people from elsewhere", async () => {
    const rules: readonly AccessRule[] = [
      { when: team("acme/left"), then: "deny" },
      { when: { emailDomain: "example.com" }, then: "allow" },
    ];
    const { decision } = await arrive(rules, {}, { ...ANA, provider: "google" });
    expect(decision).toMatchObject({ outcome: "allow", rule: 1 });
  });
});

test("what was not asked is not decided upon", () => {
  const access: readonly AccessRule[] = [{ when: team("acme/ops"), then: "allow" }];
  const decision = decideAccess({ owners: [], access }, { ...ANA, directRoles: [], facts: [] });
  expect(decision).toMatchObject({ outcome: "deny" });
});

test("an empty membership condition matches nobody", async () => {
  const { decision } = await arrive([{ when: { github: {} }, then: "allow" }]);
  expect(decision).toMatchObject({ outcome: "deny" });
});
