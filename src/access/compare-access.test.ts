import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AccessCondition, AccessRule } from "../model/access-rule.ts";
import { compareAccess, type KnownPerson } from "./compare-access.ts";
import { decideAccess } from "./decide-access.ts";

const ANA: KnownPerson = {
  userId: "usr_1",
  name: "Ana",
  email: "ana@example.com",
  accounts: [account("google"), account("github")],
  directRoles: [],
};

function account(provider: string): KnownPerson["accounts"][number] {
  const issuer = `https://${provider}.example`;
  return {
    provider,
    userInfo: { issuer, subject: "1", email: "ana@example.com", emailVerified: true },
    facts: [],
  };
}

const allow = (when: AccessCondition, ...roles: readonly string[]): AccessRule =>
  roles.length === 0 ? { when, then: "allow" } : { when, then: "allow", roles };
const deny = (when: AccessCondition): AccessRule => ({ when, then: "deny" });
const DOMAIN = { emailDomain: "example.com" };
const TEAM = { github: { team: "acme/ops" } };
const GROUP = { claim: { path: "groups", contains: "ops" } };

function compare(
  now: readonly AccessRule[],
  draft: readonly AccessRule[],
  person: Partial<KnownPerson> = {},
) {
  const policy = (access: readonly AccessRule[]) => ({ owners: [], access });
  return compareAccess(policy(now), policy(draft), { ...ANA, ...person });
}

describe("what a draft would do to somebody known", () => {
  test.each<readonly [string, readonly AccessRule[], readonly AccessRule[], string | undefined]>([
    ["nothing, when it is the same", [allow(DOMAIN)], [allow(DOMAIN)], undefined],
    ["nothing, when neither lets them in", [], [deny(DOMAIN)], undefined],
    ["lets them in", [], [allow(DOMAIN)], "gains"],
    ["keeps them out", [allow(DOMAIN)], [], "loses"],
    ["makes them ask", [allow(DOMAIN)], [{ when: DOMAIN, then: "ask" }], "loses"],
    ["gives other roles", [allow(DOMAIN)], [allow(DOMAIN, "admin")], "other_roles"],
    [
      "nothing, while one account still enters the same",
      [allow(DOMAIN)],
      [allow({ ...DOMAIN, provider: "github" })],
      undefined,
    ],
    ["hangs on a team", [allow(DOMAIN)], [allow(TEAM)], "cannot_tell"],
    ["hangs on a claim", [], [allow(GROUP)], "cannot_tell"],
    [
      "nothing, when both hang on the same",
      [allow(TEAM), allow(GROUP)],
      [allow(TEAM), allow(GROUP)],
      undefined,
    ],
    [
      "nothing, by a rule that is about others",
      [allow(TEAM)],
      [deny({ provider: "corp" }), allow(TEAM)],
      undefined,
    ],
    ["roles hang on a team", [allow(DOMAIN)], [allow(TEAM, "admin"), allow(DOMAIN)], "cannot_tell"],
  ])("%s", (_, now, draft, kind) => {
    expect(compare(now, draft).change?.kind).toBe(kind);
  });

  test("with the roles before and after", () => {
    expect(compare([allow(DOMAIN)], [allow(DOMAIN, "support", "admin")]).change).toMatchObject({
      before: ["member"],
      after: ["admin", "support"],
    });
    expect(compare([], [allow(TEAM)]).change).toMatchObject({ before: [], after: null });
  });

  test("somebody with a role given by hand keeps the door that no rule shuts", () => {
    const directRoles = ["support"];
    expect(compare([allow(DOMAIN)], [{ when: DOMAIN, then: "ask" }], { directRoles }).change?.kind).toBe(
      "other_roles",
    );
    expect(compare([], [deny(DOMAIN)], { directRoles }).change?.kind).toBe("loses");
  });

  test("somebody without an account that still counts neither gains nor loses", () => {
    expect(compare([], [allow(DOMAIN)], { accounts: [] }).change).toBe(null);
  });
});

test("whether an owner would still come in", () => {
  const owner = { directRoles: ["owner"] };
  expect(compare([], [allow(DOMAIN)], owner).ownerAfter).toBe("yes");
  expect(compare([], [], owner).ownerAfter).toBe("yes");
  expect(compare([], [deny(DOMAIN)], owner).ownerAfter).toBe("no");
  expect(compare([], [deny(GROUP)], owner).ownerAfter).toBe("cannot_tell");
  expect(compare([], [allow(TEAM, "owner")]).ownerAfter).toBe("cannot_tell");
  expect(compare([], [allow(DOMAIN, "owner")]).ownerAfter).toBe("yes");
  expect(compare([], [allow(DOMAIN)]).ownerAfter).toBe("no");
});

test("what it calls certain is so, whatever a sign-in then tells", () => {
  const leaf = fc.constantFrom<AccessCondition>(
    DOMAIN,
    TEAM,
    GROUP,
    { provider: "github" },
    { not: GROUP },
    { not: TEAM },
  );
  const when = fc.oneof(
    leaf,
    fc.record({ all: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
  );
  const rules: fc.Arbitrary<readonly AccessRule[]> = fc.array(
    fc.record({ when, then: fc.constantFrom("allow", "deny", "ask") }),
    { maxLength: 4 },
  );
  const told = fc.record({
    team: fc.constantFrom("yes" as const, "no" as const, "cannot_tell" as const),
    groups: fc.constantFrom(["ops"], [], null),
  });
  let certain = 0;
  fc.assert(
    fc.property(rules, rules, told, (now, draft, { team, groups }) => {
      const person: KnownPerson = { ...ANA, accounts: [account("github")] };
      const kind = compareAccess({ owners: [], access: now }, { owners: [], access: draft }, person).change
        ?.kind;
      if (kind === "cannot_tell") return;
      certain++;
      const enters = (access: readonly AccessRule[]) => {
        const known = account("github");
        const userInfo = { ...known.userInfo, claims: { groups } };
        const facts = [{ check: "team", wanted: "acme/ops", answer: team }];
        return (
          decideAccess({ owners: [], access }, { ...known, userInfo, facts, directRoles: [] }).outcome ===
          "allow"
        );
      };
      const expected = kind === "gains" ? [false, true] : kind === "loses" ? [true, false] : null;
      const actual = [enters(now), enters(draft)];
      if (expected === null) expect(actual[0]).toBe(actual[1]);
      else expect(actual).toEqual(expected);
    }),
    { numRuns: 5000 },
  );
  expect(certain).toBeGreaterThan(500);
});
