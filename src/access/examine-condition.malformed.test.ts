import { describe, expect, test } from "vitest";
import type { AccessCondition } from "../model/access-rule.ts";
import { type Arrival, decideAccess } from "./decide-access.ts";
import { examineCondition } from "./examine-condition.ts";

/** Somebody of whom nothing is told but what a row adds. */
const somebody = (userInfo: Partial<Arrival["userInfo"]>): Arrival => ({
  provider: "corp",
  userInfo: {
    issuer: "https://sso.example",
    subject: "1",
    email: null,
    emailVerified: null,
    claims: {},
    ...userInfo,
  },
  directRoles: [],
  facts: [],
});

const NEVER = { provider: "nowhere" };
const ALWAYS = { not: NEVER };
/** Every way to write a condition that must hold for the whole to hold. */
const AROUND: readonly ((when: AccessCondition) => AccessCondition)[] = [
  (when) => when,
  (when) => ({ not: { not: when } }),
  (when) => ({ all: [ALWAYS, when] }),
  (when) => ({ any: [NEVER, when] }),
  (when) => ({ any: [{ all: [when, when] }, NEVER] }),
  (when) => ({ not: { any: [{ not: when }] } }),
];

const lets = (when: AccessCondition, who: Arrival) =>
  decideAccess({ owners: [], access: [{ when, then: "allow" }] }, who).outcome === "allow";

function expectShut(when: AccessCondition, who: Arrival): void {
  for (const around of AROUND) expect(lets(around(when), who), JSON.stringify(around(when))).toBe(false);
}

/** What is missing, or of another kind, opens a door no more when the rule is turned round. */
function expectUntold(when: AccessCondition, who: Arrival): void {
  expect(examineCondition(when, who).answer).toBe("cannot_tell");
  for (const around of AROUND)
    for (const one of [when, { not: when }]) expect(lets(around(one), who)).toBe(false);
}

function expectOpen(when: AccessCondition, who: Arrival): void {
  for (const around of AROUND) expect(lets(around(when), who), JSON.stringify(around(when))).toBe(true);
}

/** Nearly `finance`, for somebody who looks at it or for somebody who repairs what they read. */
const NEARLY = [
  ...["", "Finance", "FINANCE", " finance", "finance ", "finance\n", "finance\u0000", "finance\u00a0"],
  ...["ｆinance", "fіnance", "ﬁnance", "financе", "fi\u200bnance", "finance\u0301", "finance\u202e"],
  ...["finance.", ".finance", "finance@", "finance@@", "finance,audit", "finance;", "%66inance", "xfinancex"],
  ...['"finance"', "['finance']", "finance\\", "finance\u0000audit"],
];
/** Nothing, and what is no text. */
const NO_TEXT = [null, 0, 1, 5, Number.NaN, true, false, {}, { finance: true }, { 0: "finance" }, [[]]];

const PATHS: readonly (readonly [path: string | readonly string[], put: (value: unknown) => object])[] = [
  ["hd", (value) => ({ hd: value })],
  ["groups", (value) => ({ groups: value })],
  ["realm_access.roles", (value) => ({ realm_access: { roles: value } })],
  ["a.b.c", (value) => ({ a: { b: { c: value } } })],
  [["https://acme.example/roles"], (value) => ({ "https://acme.example/roles": value })],
];
type Operand =
  | { readonly equals: string }
  | { readonly in: readonly string[] }
  | { readonly matches: string };
const ON_TEXT: readonly Operand[] = [
  { equals: "finance" },
  { in: ["audit", "finance"] },
  { matches: "finance" },
  { matches: "fin?nce" },
];

describe.each(PATHS)("the claim %j", (path, put) => {
  const who = (value: unknown) => somebody({ claims: put(value) as Arrival["userInfo"]["claims"] & object });

  test.each(ON_TEXT)("%j holds for the text itself, and for nothing that is nearly it", (operand) => {
    const when: AccessCondition = { claim: { path, ...operand } };
    expectOpen(when, who("finance"));
    for (const value of NEARLY) expectShut(when, who(value));
    for (const value of [...NO_TEXT, undefined, [], ["finance"], [["finance"]]])
      expectUntold(when, who(value));
    expectUntold(when, somebody({ claims: {} }));
  });

  test("contains holds for a list of texts with the text itself in it, and for no other list", () => {
    const when: AccessCondition = { claim: { path, contains: "finance" } };
    expectOpen(when, who(["finance"]));
    expectOpen(when, who(["audit", "finance"]));
    for (const value of NEARLY) expectShut(when, who([value]));
    expectShut(when, who([]));
    for (const value of ["finance", ...NO_TEXT.filter((one) => !Array.isArray(one)), undefined])
      expectUntold(when, who(value));
    // A list that is only partly what it should be is not half believed.
    for (const value of NO_TEXT) expectUntold(when, who(["finance", value]));
    expectUntold(when, somebody({ claims: {} }));
  });

  test("a place in a list, a letter of a text or what everything inherits is no claim", () => {
    for (const inner of ["0", "length", "constructor", "__proto__", "toString"]) {
      const longer = [...(typeof path === "string" ? path.split(".") : path), inner];
      for (const value of [["finance"], "finance", { finance: 1 }])
        expectUntold({ claim: { path: longer, equals: "finance" } }, who(value));
    }
  });
});

describe("numbers and booleans are themselves alone", () => {
  const who = (level: unknown) => somebody({ claims: { level } });
  test.each([
    [5, ["5", 5.000001, "５", "5 ", true, [5], null, undefined]],
    [0, ["0", "", false, null, [], undefined]],
    [true, ["true", 1, "1", "yes", [true], null, undefined]],
    [false, ["false", 0, "", null, undefined]],
  ] as const)("%j", (wanted, others) => {
    for (const claim of [
      { path: "level", equals: wanted },
      { path: "level", in: [wanted] },
    ]) {
      expectOpen({ claim }, who(wanted));
      for (const other of others) expectShut({ claim }, who(other));
    }
  });

  test("in a list of several kinds, each is compared with its own", () => {
    const claim = { path: "level", in: [5, "audit", true] };
    for (const value of [5, "audit", true]) expectOpen({ claim }, who(value));
    for (const value of ["5", "true", 1, "5.0"]) expectShut({ claim }, who(value));
  });
});

describe("an address", () => {
  const told = (email: string | null, emailVerified: unknown) =>
    somebody({ email, emailVerified: emailVerified as boolean });
  const mail = (email: string | null) => told(email, true);
  const WHOLE: AccessCondition = { email: "ana@example.com" };
  const DOMAIN: AccessCondition = { emailDomain: "example.com" };
  const BELOW: AccessCondition = { emailDomain: "example.com", subdomains: true };
  const ALL = [WHOLE, DOMAIN, BELOW];

  test("counts in any case, and sub-domains only when that is said", () => {
    for (const when of ALL)
      for (const email of ["ana@example.com", "ANA@Example.COM"]) expectOpen(when, mail(email));
    expectOpen(BELOW, mail("ana@eu.example.com"));
    for (const when of [WHOLE, DOMAIN]) expectShut(when, mail("ana@eu.example.com"));
  });

  test("counts only when the provider says that it is verified, with the word itself", () => {
    for (const when of ALL) {
      for (const verified of [false, null, undefined, "true", "yes", 1, {}])
        expectUntold(when, told("ana@example.com", verified));
      expectUntold(when, mail(null));
    }
  });

  test.each([
    ...["", "@", "ana", "ana@", "@example.com", "example.com", "ana@example", "ana@@example.com"],
    ...["ana@evil.example@example.com", "ana@example.com@evil.example", '"ana@evil.example"@example.com'],
    ...[
      "ana@example.com.",
      "ana@.example.com",
      "ana@example..com",
      "ana@example.com..",
      "ana@example.com.evil.example",
    ],
    ...[
      "ana@notexample.com",
      "ana@example.com.example",
      "ana@example-com.evil",
      "ana@example.com:443",
      "ana@example.com/",
    ],
    ...[
      "ana@ｅxample.com",
      "ana@exаmple.com",
      "ana@example。com",
      "ana@example%2ecom",
      "ana@exa\u00admple.com",
    ],
    ...[
      "ana@example.com\n",
      " ana@example.com",
      "ana@example.com ",
      "ana@exam ple.com",
      "ana@example.com\u0000",
    ],
    ...["ana <ana@example.com>", "mailto:ana@example.com,eve@evil.example", "ana@[example.com]"],
  ])("%j is not one of example.com", (email) => {
    for (const when of ALL) expectShut(when, mail(email));
  });

  test.each([
    "аna@example.com",
    "ａna@example.com",
    "ana\u200b@example.com",
    "an\u0430@example.com",
    "ana+x@example.com",
  ])("%j is not ana's", (email) => expectShut(WHOLE, mail(email)));

  test("is not one whose letters only become those of another on the way", () => {
    const when: AccessCondition = { email: "kim@example.com" };
    expectOpen(when, mail("Kim@example.com"));
    // The Kelvin sign, which normalises to K.
    expectShut(when, mail("\u212aim@example.com"));
  });
});

describe("a tenant", () => {
  const from = (issuer: string | undefined) => somebody({ issuer } as Partial<Arrival["userInfo"]>);
  const ID: AccessCondition = { provider: "corp", tenant: "T0R7GR" };
  const ISSUER: AccessCondition = { provider: "corp", tenant: "https://sso.example/8d3c" };

  test("is the one that vouches, letter by letter", () => {
    expectOpen(ID, from("https://sso.example#T0R7GR"));
    expectOpen(ISSUER, from("https://sso.example/8d3c"));
    for (const issuer of [
      ...["", "T0R7GR ", "https://sso.example", "https://sso.example#t0r7gr", "https://sso.example#T0R7GR "],
      ...["https://sso.example#T0R7GR#", "https://sso.example#x#T0R7GR", "https://sso.example/T0R7GR"],
      ...[
        "https://sso.example/8d3c/",
        "https://sso.example/8D3C",
        "http://sso.example/8d3c",
        "https://sso.example/8d3c?",
      ],
      ...["https://sso.example#T0R7GＲ", "https://evil.example/https://sso.example/8d3c"],
    ])
      for (const when of [ID, ISSUER]) expectShut(when, from(issuer));
    expectShut(ID, from(undefined));
  });
});
