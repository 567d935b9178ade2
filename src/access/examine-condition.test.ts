import { describe, expect, test } from "vitest";
import type { AccessCondition, AccessRule } from "../model/access-rule.ts";
import type { MembershipAnswer } from "../model/membership.ts";
import { type Arrival, decideAccess } from "./decide-access.ts";
import { examineCondition } from "./examine-condition.ts";

const ANA: Arrival = {
  provider: "corp",
  userInfo: {
    issuer: "https://sso.example#T0R7GR",
    subject: "583231",
    email: "ana@example.com",
    emailVerified: true,
    claims: {
      hd: "example.com",
      department: "finance-eu",
      level: 5,
      staff: true,
      roles: ["finance", "audit"],
      none: [],
      mixed: ["finance", null],
      nothing: null,
      empty: "",
      nested: { roles: ["finance"], deeper: { level: "5" } },
      "acme.example/team": "ops",
    },
  },
  directRoles: [],
  facts: [
    { check: "team", wanted: "acme/ops", answer: "yes" },
    { check: "team", wanted: "acme/left", answer: "no" },
    { check: "team", wanted: "acme/silent", answer: "cannot_tell" },
  ],
};

type Told = Partial<Omit<Arrival, "userInfo">> & { readonly userInfo?: Partial<Arrival["userInfo"]> };
const ana = ({ userInfo, ...more }: Told = {}): Arrival => ({
  ...ANA,
  ...more,
  userInfo: { ...ANA.userInfo, ...userInfo },
});
/** A condition that only a mistake, or somebody's JSON, can make. */
const odd = (when: unknown) => when as AccessCondition;

const answerOf = (when: AccessCondition, told?: Told) => examineCondition(when, ana(told)).answer;

/** For every condition and answer: itself, inside combinations, and in each kind of rule. */
function expectAnswer(when: AccessCondition, told: Told, answer: MembershipAnswer): void {
  const opposite = { yes: "no", no: "yes", cannot_tell: "cannot_tell" } as const;
  expect(answerOf(when, told)).toBe(answer);
  expect(answerOf({ not: when }, told)).toBe(opposite[answer]);
  expect(answerOf({ not: { not: when } }, told)).toBe(answer);
  for (const list of [[when], [when, when]]) {
    expect(answerOf({ all: list }, told)).toBe(answer);
    expect(answerOf({ any: list }, told)).toBe(answer);
  }
  const NEVER = { provider: "nowhere" };
  const ALWAYS = { not: NEVER };
  expect(answerOf({ all: [when, NEVER] }, told)).toBe("no");
  expect(answerOf({ all: [ALWAYS, when] }, told)).toBe(answer);
  expect(answerOf({ any: [when, ALWAYS] }, told)).toBe("yes");
  expect(answerOf({ any: [NEVER, when] }, told)).toBe(answer);

  const outcome = (access: readonly AccessRule[]) => decideAccess({ owners: [], access }, ana(told)).outcome;
  const everybody: AccessRule = { when: ALWAYS, then: "allow" };
  expect(outcome([{ when, then: "allow" }])).toBe(answer === "yes" ? "allow" : "deny");
  expect(outcome([{ when, then: "deny" }, everybody])).toBe(answer === "no" ? "allow" : "deny");
  expect(outcome([{ when, then: "ask" }, everybody])).toBe(answer === "no" ? "allow" : "ask");
}

describe.each<readonly [MembershipAnswer, readonly (readonly [object, Told?])[]]>([
  [
    "yes",
    [
      [{ provider: "corp" }],
      [{ tenant: "https://sso.example#T0R7GR" }],
      [{ tenant: "T0R7GR" }],
      [{ email: "ANA@Example.COM" }],
      [{ email: "bü@münchen.example" }, { userInfo: { email: "bü@xn--mnchen-3ya.example" } }],
      [{ emailDomain: "EXAMPLE.com" }],
      [{ emailDomain: "example.com", subdomains: true }],
      [{ emailDomain: "example.com", subdomains: true }, { userInfo: { email: "a@x.y.Example.com" } }],
      [{ corp: { team: "acme/ops" } }],
      [{ claim: { path: "hd", equals: "example.com" } }],
      [{ claim: { path: "level", equals: 5 } }],
      [{ claim: { path: "staff", equals: true } }],
      [{ claim: { path: "empty", equals: "" } }],
      [{ claim: { path: "level", in: ["x", 5] } }],
      [{ claim: { path: "roles", contains: "audit" } }],
      [{ claim: { path: "nested.roles", contains: "finance" } }],
      [{ claim: { path: ["nested", "deeper", "level"], equals: "5" } }],
      [{ claim: { path: ["acme.example/team"], equals: "ops" } }],
      [{ claim: { path: "department", matches: "finance-*" } }],
      [{ provider: "corp", emailDomain: "example.com", claim: { path: "hd", equals: "example.com" } }],
    ],
  ],
  [
    "no",
    [
      [{ provider: "Corp" }],
      [{ provider: "corp " }],
      [{ provider: "соrp" }],
      [{ provider: "ｃorp" }],
      [{ tenant: "t0r7gr" }],
      [{ tenant: "T0R7G" }],
      [{ tenant: "https://sso.example" }],
      [{ email: "ana@example.com.evil.test" }],
      [{ email: "ana@sub.example.com" }],
      [{ emailDomain: "ample.com" }],
      [{ emailDomain: "com" }],
      [{ emailDomain: "sub.example.com", subdomains: true }],
      [{ emailDomain: "example.com" }, { userInfo: { email: "ana@sub.example.com" } }],
      [{ emailDomain: "example.com" }, { userInfo: { email: "ana@example.com.evil.test" } }],
      [{ emailDomain: "example.com", subdomains: false }, { userInfo: { email: "a@sub.example.com" } }],
      [{ emailDomain: "example.com", subdomains: true }, { userInfo: { email: "ana@notexample.com" } }],
      [{ emailDomain: "example.com", subdomains: true }, { userInfo: { email: "a@example.com.evil.test" } }],
      [{ emailDomain: "example.com" }, { userInfo: { email: "ana@exаmple.com" } }],
      [{ corp: { team: "acme/left" } }],
      [{ github: { team: "acme/ops" } }],
      [{ corp: { team: "acme/silent" }, provider: "github" }],
      [{ claim: { path: "hd", equals: "Example.com" } }],
      [{ claim: { path: "hd", equals: "ｅxample.com" } }],
      [{ claim: { path: "hd", equals: "exаmple.com" } }],
      [{ claim: { path: "hd", equals: "example.com." } }],
      [{ claim: { path: "staff", equals: false } }],
      [{ claim: { path: "hd", in: ["example.org", 5] } }],
      [{ claim: { path: "roles", contains: "fin" } }],
      [{ claim: { path: "roles", contains: "Finance" } }],
      [{ claim: { path: "none", contains: "finance" } }],
      [{ claim: { path: "department", matches: "finance" } }],
      [{ claim: { path: "department", matches: "Finance-*" } }],
      [{ claim: { path: "empty", matches: "?*" } }],
    ],
  ],
  [
    "cannot_tell",
    [
      [{ email: "ana@example.com" }, { userInfo: { email: null } }],
      [{ email: "ana@example.com" }, { userInfo: { emailVerified: false } }],
      [{ email: "ana@example.com" }, { userInfo: { emailVerified: null } }],
      [{ email: "other@example.com" }, { userInfo: { emailVerified: false } }],
      [{ emailDomain: "example.com" }, { userInfo: { email: null, emailVerified: true } }],
      [{ emailDomain: "example.com" }, { userInfo: { emailVerified: null } }],
      [{ emailDomain: "example.com", subdomains: true }, { userInfo: { emailVerified: false } }],
      ...[
        "",
        "@",
        "ana",
        "@example.com",
        "ana@",
        "ana@evil.test@example.com",
        '"ana@evil.test"@example.com',
        "ana@example.com@",
        "ana@example.com.",
        "ana@.example.com",
        "ana@example..com",
        "ana@ｅxample.com",
        "ana@example。com",
        "ana＠example.com",
        "ana @example.com",
        "ana@example.com\n",
        "ana@example.com,bo@other.example",
      ].map((email) => [{ emailDomain: "example.com" }, { userInfo: { email } }] as const),
      [{ tenant: "T0R7GR" }, { userInfo: { issuer: undefined } as Told["userInfo"] & object }],
      [{ corp: { team: "acme/silent" } }],
      [{ corp: { team: "acme/never-asked" } }],
      [{ corp: { organization: "acme/ops" } }],
      [{ claim: { path: "absent", equals: "x" } }],
      [{ claim: { path: "nothing", equals: "x" } }],
      [{ claim: { path: "hd.inner", equals: "x" } }],
      [{ claim: { path: "roles.0", equals: "finance" } }],
      [{ claim: { path: "roles.length", equals: 2 } }],
      [{ claim: { path: "toString", matches: "*function*" } }],
      [{ claim: { path: "constructor.name", equals: "Object" } }],
      [{ claim: { path: "__proto__", equals: "x" } }],
      [
        { claim: { path: "hd", equals: "example.com" } },
        { userInfo: { claims: Object.create({ hd: "example.com" }) } },
      ],
      [{ claim: { path: "acme.example/team", equals: "ops" } }],
      [{ claim: { path: "level", equals: "5" } }],
      [{ claim: { path: "nested.deeper.level", equals: 5 } }],
      [{ claim: { path: "staff", equals: "true" } }],
      [{ claim: { path: "staff", equals: 1 } }],
      [{ claim: { path: "roles", equals: "finance" } }],
      [{ claim: { path: "nested", equals: "x" } }],
      [{ claim: { path: "level", in: ["5", true] } }],
      [{ claim: { path: "roles", in: ["finance"] } }],
      [{ claim: { path: "hd", contains: "example.com" } }],
      [{ claim: { path: "department", contains: "finance" } }],
      [{ claim: { path: "mixed", contains: "finance" } }],
      [{ claim: { path: "mixed", contains: "audit" } }],
      [{ claim: { path: "nested", contains: "roles" } }],
      [{ claim: { path: "level", matches: "5" } }],
      [{ claim: { path: "roles", matches: "finance" } }],
      [{ claim: { path: "nothing", matches: "*" } }],
      [{ claim: { path: "long", matches: "a*" } }, { userInfo: { claims: { long: "a".repeat(5000) } } }],
      [{ claim: { path: "hd", equals: "example.com" } }, { userInfo: { claims: {} } }],
    ],
  ],
])("it is %s", (answer, rows) => {
  test.each(rows)("%j, %j", (when, told = {}) => expectAnswer(when as AccessCondition, told, answer));
});

describe("what makes no sense as a condition can never be told", () => {
  test.each<unknown>([
    {},
    { not: {} },
    { all: [] },
    { any: [] },
    { any: {} },
    { all: [{}] },
    { not: { not: {} } },
    { not: null },
    { not: "provider" },
    { all: "corp" },
    { provider: 5 },
    { provider: ["corp"] },
    { provider: null },
    { email: true },
    { email: "no address" },
    { emailDomain: "" },
    { emailDomain: "ｅxample.com" },
    { emailDomain: "example.com." },
    { subdomains: true },
    { emailDomain: "example.com", subdomains: "yes" },
    { tenant: "" },
    { corp: {} },
    { corp: "acme/ops" },
    { corp: null },
    { corp: { team: ["acme/ops"] } },
    { corp: { team: "" } },
    { emialDomain: "example.com" },
    { claim: "hd" },
    { claim: [] },
    { claim: { path: "hd" } },
    { claim: { equals: "example.com" } },
    { claim: { path: "", equals: "x" } },
    { claim: { path: [], equals: "x" } },
    { claim: { path: "hd", equals: null } },
    { claim: { path: "hd", equals: "example.com", contains: "x" } },
    { claim: { path: "hd", startsWith: "example" } },
    { claim: { path: "hd", toString: "example.com" } },
    { claim: { path: "hd", in: "example.com" } },
    { claim: { path: "hd", in: [] } },
    { claim: { path: "hd", in: ["example.com", null] } },
    { claim: { path: "department", matches: "" } },
    { claim: { path: "level", equals: Number.NaN } },
  ])("%j", (when) => {
    expectAnswer(odd(when), {}, "cannot_tell");
    expectAnswer(odd({ provider: "corp", not: when }), {}, "cannot_tell");
  });

  test.each<unknown>([null, undefined, "provider", 5, [], [{ provider: "corp" }]])(
    "%j instead of a condition",
    (when) => {
      expectAnswer(odd(when), {}, "cannot_tell");
    },
  );

  test("a value that is not given does not leave the condition out", () => {
    expectAnswer(odd({ provider: "corp", emailDomain: undefined }), {}, "cannot_tell");
  });
});

test("a finding says where each part stands, what was wanted and what was found", () => {
  const when = { any: [{ provider: "google" }, { not: { claim: { path: "level", equals: 5 } } }] };
  expect(examineCondition(when, ANA)).toMatchObject({
    answer: "no",
    parts: [
      {
        kind: "any",
        path: "when.any",
        parts: [
          { parts: [{ path: "when.any[0].provider", answer: "no", expected: "google", found: "corp" }] },
          {
            parts: [
              { kind: "not", path: "when.any[1].not", answer: "no", parts: [{ parts: [{ found: 5 }] }] },
            ],
          },
        ],
      },
    ],
  });
});
