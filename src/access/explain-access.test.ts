import { describe, expect, test } from "vitest";
import type { AccessRule } from "../model/access-rule.ts";
import type { Arrival } from "./decide-access.ts";
import { explainAccess } from "./explain-access.ts";

const ANA: Arrival = {
  provider: "corp",
  userInfo: {
    issuer: "https://sso.example",
    subject: "583231",
    email: "ana@example.com",
    emailVerified: true,
    claims: {
      groups: ["a", "b", "c", "d", "e", "f", "g"],
      access_token: "very-secret",
      note: "x".repeat(500),
    },
  },
  directRoles: [],
  facts: [],
};

const explain = (access: readonly AccessRule[], more: Partial<Arrival> = {}) =>
  explainAccess({ owners: [], access }, { ...ANA, ...more });

describe("of every rule before the one that decides it says why not", () => {
  test("naming only what made the answer", () => {
    const { rules, decision } = explain([
      { when: { provider: "google", emailDomain: "example.com" }, then: "allow" },
      { when: { any: [{ email: "bo@example.com" }, { tenant: "https://other.example" }] }, then: "deny" },
      { when: { not: { emailDomain: "example.com" } }, then: "deny" },
      { when: { claim: { path: "department", equals: "finance" } }, then: "allow" },
      { when: { emailDomain: "example.com" }, then: "allow", roles: ["support"] },
      { when: { provider: "corp" }, then: "deny" },
    ]);
    expect(decision).toMatchObject({ outcome: "allow", rule: 4 });
    expect(rules.map(({ index, answer, reasons }) => ({ index, answer, reasons }))).toEqual([
      {
        index: 0,
        answer: "no",
        reasons: [
          { path: "access[0].when.provider", answer: "no", expected: "google", found: "corp", why: null },
        ],
      },
      {
        index: 1,
        answer: "no",
        reasons: [
          expect.objectContaining({ path: "access[1].when.any[0].email", found: "ana@example.com" }),
          expect.objectContaining({ path: "access[1].when.any[1].tenant", found: "https://sso.example" }),
        ],
      },
      {
        index: 2,
        answer: "no",
        reasons: [expect.objectContaining({ path: "access[2].when.not.emailDomain", answer: "yes" })],
      },
      {
        index: 3,
        answer: "cannot_tell",
        reasons: [expect.objectContaining({ path: "access[3].when.claim", found: null, why: "absent" })],
      },
      {
        index: 4,
        answer: "yes",
        reasons: [expect.objectContaining({ path: "access[4].when.emailDomain", answer: "yes" })],
      },
    ]);
  });

  test("and of all of them when none decides", () => {
    const access: readonly AccessRule[] = [
      { when: { provider: "google" }, then: "allow" },
      { when: { provider: "github" }, then: "ask" },
    ];
    expect(explain(access).rules.map(({ answer }) => answer)).toEqual(["no", "no"]);
    expect(explain(access).decision).toMatchObject({ outcome: "deny", rule: null });
  });
});

describe("what hangs on what only a sign-in tells", () => {
  const access: readonly AccessRule[] = [
    { when: { corp: { team: "acme/ops" } }, then: "allow", roles: ["admin"] },
    { when: { claim: { path: "hd", equals: "example.com" } }, then: "ask" },
  ];
  const { claims: _, ...kept } = ANA.userInfo;

  test("is told as such, with every ending", () => {
    const { rules, endings } = explain(access, { userInfo: kept });
    expect(rules.map(({ isOpen, reasons }) => [isOpen, reasons[0]?.why])).toEqual([
      [true, "not_asked"],
      [true, "not_known_here"],
    ]);
    expect(endings).toEqual([
      { outcome: "allow", roles: ["admin"] },
      { outcome: "ask", roles: [] },
      { outcome: "deny", roles: [] },
    ]);
  });

  test("is certain once it is told", () => {
    const facts = [{ check: "team", wanted: "acme/ops", answer: "yes" as const }];
    expect(explain(access, { facts }).endings).toEqual([{ outcome: "allow", roles: ["admin"] }]);
  });
});

test("an owner of the configuration is named as such", () => {
  const policy = {
    owners: [{ provider: "corp", who: "583231" }],
    access: [{ when: { provider: "corp" }, then: "deny" as const }],
  };
  expect(explainAccess(policy, ANA)).toMatchObject({
    isNamedOwner: true,
    decision: { outcome: "allow" },
    endings: [{ outcome: "allow", roles: ["owner"] }],
  });
});

test("what was found is cut to what can be read, and what opens something is not shown", () => {
  const found = (path: string, more: object) => {
    const claim = { path, ...more } as { path: string; equals: string };
    return explain([{ when: { claim }, then: "allow" }]).rules[0]?.reasons[0]?.found;
  };
  expect(found("groups", { contains: "z" })).toBe("[a, b, c, d, e, … +2]");
  expect(found("access_token", { equals: "x" })).toBe(null);
  expect(found("note", { equals: "x" })).toBe(`${"x".repeat(80)}…`);
});
