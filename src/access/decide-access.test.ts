import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccessCondition, AccessRule } from "../model/access-rule.ts";
import { type AccessPolicy, type Arrival, decideAccess, ruleName } from "./decide-access.ts";

const ADA_HERE = { provider: "google", who: "ada@example.com" };
const ANA: Arrival = {
  provider: "google",
  userInfo: { subject: "583231", email: "ana@example.com", emailVerified: true },
  directRoles: [],
  facts: [],
};

function decide(policy: Partial<AccessPolicy>, { userInfo, ...rest }: DeepPartial = {}) {
  const arrival = { ...ANA, ...rest, userInfo: { ...ANA.userInfo, ...userInfo } };
  return decideAccess({ owners: [], access: [], ...policy }, arrival);
}

type DeepPartial = Partial<Omit<Arrival, "userInfo">> & { readonly userInfo?: Partial<Arrival["userInfo"]> };

const allow = (when: AccessCondition, ...roles: readonly string[]): AccessRule =>
  roles.length === 0 ? { when, then: "allow" } : { when, then: "allow", roles };
const deny = (when: AccessCondition): AccessRule => ({ when, then: "deny" });

describe("in which order", () => {
  test("nobody enters by default", () => {
    expect(decide({})).toEqual({ outcome: "deny", code: "not_allowed", rule: null });
  });

  test("the first rule that matches decides, and whoever it lets in without naming roles is a member", () => {
    const access = [
      deny({ provider: "github" }),
      allow({ emailDomain: "example.com" }),
      allow({ email: "ana@example.com" }, "admin"),
    ];
    const member = { role: "member", source: "rule" };
    expect(decide({ access })).toEqual({ outcome: "allow", roles: [member], rule: 1 });
    expect(decide({ access }, { provider: "github" })).toMatchObject({ outcome: "deny", rule: 0 });
  });

  test("a rule that names no roles at all gives none", () => {
    const access: readonly AccessRule[] = [{ when: { provider: "google" }, then: "allow", roles: [] }];
    expect(decide({ access })).toEqual({ outcome: "allow", roles: [], rule: 0 });
  });

  test("an owner of the configuration enters against every rule, and keeps the roles of one that lets them in", () => {
    const owners = [{ provider: "google", who: "583231" }];
    const owner = { role: "owner", source: "config" };
    expect(decide({ owners })).toEqual({ outcome: "allow", roles: [owner], rule: null });
    expect(decide({ owners, access: [deny({ provider: "google" })] })).toMatchObject({ roles: [owner] });
    expect(decide({ owners, access: [allow({ provider: "google" }, "support")] })).toEqual({
      outcome: "allow",
      roles: [owner, { role: "support", source: "rule" }],
      rule: 0,
    });
  });

  test("a role given by hand opens the door where no rule says otherwise", () => {
    expect(decide({}, { directRoles: ["admin"] })).toEqual({ outcome: "allow", roles: [], rule: null });
    expect(decide({ access: [deny({ provider: "google" })] }, { directRoles: ["admin"] })).toMatchObject({
      outcome: "deny",
      rule: 0,
    });
  });
});

describe("a rule that asks", () => {
  const ask: AccessRule = { when: { provider: "google" }, then: "ask" };
  const access = [ask, allow({ emailDomain: "example.com" })];

  test("lets nobody in, whatever the rules after it say", () => {
    expect(decide({ access })).toEqual({ outcome: "ask", code: "not_allowed", rule: 0 });
  });

  test("is answered by a role that was given by hand", () => {
    expect(decide({ access }, { directRoles: ["support"] })).toEqual({
      outcome: "allow",
      roles: [],
      rule: 0,
    });
  });

  test("does not keep an owner of the configuration out", () => {
    const owners = [{ provider: "google", who: "583231" }];
    expect(decide({ owners, access })).toMatchObject({ outcome: "allow", rule: null });
  });

  test("is about other people by a plain no only", () => {
    expect(decide({ access }, { provider: "github" })).toMatchObject({ outcome: "allow", rule: 1 });
    const unsure = [{ ...ask, when: { email: "bo@example.com" } }, allow({ provider: "google" })];
    expect(decide({ access: unsure })).toMatchObject({ outcome: "allow", rule: 1 });
    expect(decide({ access: unsure }, { userInfo: { emailVerified: null } })).toEqual({
      outcome: "ask",
      code: "email_unverified",
      rule: 0,
    });
  });
});

describe("a rule that no longer makes sense", () => {
  const everybody = { provider: "google" };
  const broken = (when: AccessCondition, then: "allow" | "deny" | "ask") =>
    ({ when, then, name: "rul_1", isBroken: true }) as const;
  const rest = allow({ emailDomain: "example.com" }, "admin");

  test("lets nobody in, and whoever it would have let in does not fall to a rule that gives more", () => {
    const access = [broken(everybody, "allow"), rest];
    expect(decide({ access })).toEqual({ outcome: "deny", code: "not_allowed", rule: 0 });
    expect(decide({ access }, { provider: "github" })).toMatchObject({ outcome: "allow", rule: 1 });
    // Of whom it cannot be told, it decides as little as any other rule that allows.
    expect(decide({ access: [broken({}, "allow"), rest] })).toMatchObject({ outcome: "allow", rule: 1 });
  });

  test("still keeps out, and still asks, also those who cannot be told", () => {
    for (const then of ["deny", "ask"] as const) {
      for (const when of [everybody, {}]) {
        expect(decide({ access: [broken(when, then), rest] })).toMatchObject({ outcome: then, rule: 0 });
      }
      const others = [broken({ provider: "gone" }, then), rest];
      expect(decide({ access: others })).toMatchObject({ outcome: "allow", rule: 1 });
    }
  });

  test("leaves the door open to roles given by hand, and to owners, unless it denies", () => {
    const byHand = { directRoles: ["support"] };
    const owners = [{ provider: "google", who: "583231" }];
    expect(decide({ access: [broken(everybody, "allow")] }, byHand)).toMatchObject({
      outcome: "allow",
      roles: [],
    });
    expect(decide({ access: [broken(everybody, "deny")] }, byHand)).toMatchObject({ outcome: "deny" });
    expect(decide({ owners, access: [broken({}, "deny")] })).toMatchObject({ outcome: "allow", rule: null });
  });
});

test("a rule is called by its name, or by its place in the configuration", () => {
  const access = [deny({ provider: "github" }), { ...deny({ provider: "google" }), name: "rul_1" }];
  expect([0, 1].map((index) => ruleName({ access }, index))).toEqual(["access[0]", "rul_1"]);
});

describe("who is an owner", () => {
  test.each([
    ["a subject at its provider", { provider: "google", who: "583231" }, true],
    ["the same subject at another", { provider: "github", who: "583231" }, false],
    ["a subject at no provider in particular", { provider: null, who: "583231" }, false],
    ["a subject in another spelling", { provider: "google", who: "0583231" }, false],
    ["an e-mail at its provider", { provider: "google", who: "Ana@Example.com" }, true],
    ["an e-mail at another", { provider: "github", who: "ana@example.com" }, false],
    ["an e-mail at any", { provider: null, who: "ana@example.com" }, true],
    ["an e-mail that only looks like it", { provider: "google", who: "аna@example.com" }, false],
    ["somebody else", ADA_HERE, false],
  ])("%s", (_, name, expected) => {
    expect(decide({ owners: [name] }).outcome).toBe(expected ? "allow" : "deny");
  });

  test("a subject with an @ in it is taken for no e-mail, and an e-mail for no subject", () => {
    const arrival = { userInfo: { subject: "ada@example.com", email: null } };
    expect(decide({ owners: [ADA_HERE] }, arrival).outcome).toBe("deny");
  });
});

test.each<[AccessCondition, boolean]>([
  [{ email: "ANA@example.COM" }, true],
  [{ email: "ana@example.com.evil.test" }, false],
  [{ emailDomain: "EXAMPLE.com" }, true],
  [{ emailDomain: "ample.com" }, false],
  [{ emailDomain: "com" }, false],
  [{ emailDomain: "sub.example.com" }, false],
  [{ emailDomain: "ｅxample.com" }, false],
  [{ provider: "google" }, true],
  [{ provider: "Google" }, false],
  [{ provider: "google", emailDomain: "example.com" }, true],
  [{ provider: "google", emailDomain: "other.example" }, false],
  [{}, false],
])("%j matches Ana: %s", (when, expected) => {
  expect(decide({ access: [allow(when)] }).outcome).toBe(expected ? "allow" : "deny");
});

test("an e-mail of a sub-domain is not of the domain", () => {
  const access = [allow({ emailDomain: "example.com" })];
  expect(decide({ access }, { userInfo: { email: "ana@sub.example.com" } }).outcome).toBe("deny");
});

describe("an e-mail that nobody vouches for", () => {
  const unverified = { userInfo: { emailVerified: false } };

  test("is named as the reason when a verified one would have opened the door, and only then", () => {
    const access = [allow({ emailDomain: "example.com" })];
    expect(decide({ access }, unverified)).toMatchObject({ code: "email_unverified" });
    expect(decide({ owners: [{ provider: "google", who: "ana@example.com" }] }, unverified)).toMatchObject({
      code: "email_unverified",
    });
    expect(
      decide({ access }, { userInfo: { email: "ana@other.example", emailVerified: null } }),
    ).toMatchObject({
      code: "not_allowed",
    });
    expect(decide({ access }, { userInfo: { email: null, emailVerified: null } })).toMatchObject({
      code: "not_allowed",
    });
  });

  const email = fc.constantFrom(
    "ana@example.com",
    "ada@example.com",
    "ANA@EXAMPLE.COM",
    "x@other.example",
    "@",
    "",
  );
  const provider = fc.constantFrom("google", "github");
  const when = fc.record(
    { email, emailDomain: fc.constantFrom("example.com", "other.example", "com"), provider },
    { requiredKeys: [] },
  );
  const rule = fc.record({ when, then: fc.constantFrom("allow" as const, "deny" as const) });
  const owner = fc.record({ provider: fc.option(provider), who: fc.oneof(email, fc.constant("583231")) });

  test("lets nobody in who would not enter, and as the same, without any e-mail", () => {
    const input = fc.record({
      policy: fc.record({
        owners: fc.array(owner, { maxLength: 2 }),
        access: fc.array(rule, { maxLength: 5 }),
      }),
      provider,
      email,
      emailVerified: fc.constantFrom(false, null),
      directRoles: fc.subarray(["admin"]),
    });
    let entered = 0;
    fc.assert(
      fc.property(input, ({ policy, email: told, emailVerified, ...arrival }) => {
        const decision = decide(policy, { ...arrival, userInfo: { email: told, emailVerified } });
        if (decision.outcome !== "allow") return;
        entered++;
        expect(decide(policy, { ...arrival, userInfo: { email: null, emailVerified: null } })).toEqual(
          decision,
        );
      }),
      { numRuns: 2000 },
    );
    expect(entered).toBeGreaterThan(100);
  });
});

test("a membership that is denied, untold or was not asked for lets nobody in", () => {
  const checks = fc.constantFrom("acme/ops", "acme/dev");
  const facts = fc.array(
    fc.record({
      check: fc.constant("team"),
      wanted: checks,
      answer: fc.constantFrom("no" as const, "cannot_tell" as const),
    }),
  );
  fc.assert(
    fc.property(facts, fc.array(checks, { minLength: 1 }), (known, wanted) => {
      const access = wanted.map((team) => allow({ google: { team } }, "admin"));
      expect(decide({ access }, { facts: known }).outcome).toBe("deny");
    }),
  );
});
