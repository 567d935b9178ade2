import fc from "fast-check";
import { expect, test } from "vitest";
import type { AccessCondition, AccessRule } from "../model/access-rule.ts";
import { listRules, rulesInForce } from "../model/listed-rule.ts";
import type { MembershipAnswer } from "../model/membership.ts";
import type { RuleVocabulary } from "../model/rule-vocabulary.ts";
import type { StoredRule } from "../model/stored-rule.ts";
import { askMembership } from "./ask-membership.ts";
import { type AccessPolicy, type Arrival, decideAccess, ruleName } from "./decide-access.ts";

const RUNS = { numRuns: 5000 };

const texts = fc.constantFrom("finance", "Finance", "finance-eu", "ｆinance", "5", "true", "");
const values = fc.oneof(texts, fc.constantFrom(0, 5, -1), fc.boolean());
const claimValue = fc.oneof(
  { weight: 4, arbitrary: values },
  { weight: 3, arbitrary: fc.array(fc.oneof(values, fc.constant(null)), { maxLength: 3 }) },
  fc.constantFrom(null, {}, { b: "finance" }, { b: ["finance"] }, { b: { c: 5 } }),
);
const claims = fc.dictionary(fc.constantFrom("a", "b", "a.b"), claimValue, { maxKeys: 3 });
const path = fc.constantFrom<string | string[]>("a", "b", "a.b", ["a.b"], "a.b.c", "toString");
const claim = fc.oneof(
  fc.record({ path, equals: values }),
  fc.record({ path, in: fc.array(values, { minLength: 1, maxLength: 3 }) }),
  fc.record({ path, contains: values }),
  fc.record({ path, matches: fc.constantFrom("finance*", "*e", "?inance", "f*a*e-??") }),
);
const teams = fc.constantFrom("ops", "dev", "left");
const domains = fc.constantFrom("example.com", "sub.example.com", "other.example");
const leaf: fc.Arbitrary<AccessCondition> = fc.oneof(
  fc.record({ provider: fc.constantFrom("corp", "github") }),
  fc.record({ tenant: fc.constantFrom("https://a.example", "T1", "t1") }),
  fc.record({ email: fc.constantFrom("ana@example.com", "bo@sub.example.com") }),
  fc.record({ emailDomain: domains }),
  fc.record({ emailDomain: domains, subdomains: fc.boolean() }),
  fc.record({ corp: fc.record({ team: teams }) }),
  fc.record({ claim }),
  fc.constant({}),
);
const { condition } = fc.letrec<{ condition: AccessCondition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.tuple(leaf, leaf).map(([one, other]) => ({ ...one, ...other })),
    fc.record({ all: fc.array(tie("condition"), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("condition"), { maxLength: 3 }) }),
    fc.record({ not: tie("condition") }),
  ),
}));
const rule: fc.Arbitrary<AccessRule> = fc.record({
  when: condition,
  then: fc.constantFrom("allow", "deny", "ask"),
});
const policy: fc.Arbitrary<AccessPolicy> = fc.record({
  owners: fc.constantFrom([], [{ provider: "github", who: "1" }]),
  access: fc.array(rule, { maxLength: 4 }),
});
/** What the rules of the database may name; those of the configuration have been checked at the start. */
const VOCABULARY: RuleVocabulary = {
  providers: [
    { id: "corp", checks: { team: { example: "ops" } } },
    { id: "github", checks: {} },
  ],
  roles: ["owner", "admin", "auditor", "member", "support"],
};
const gone: fc.Arbitrary<AccessCondition> = fc.oneof(
  fc.constant({ provider: "okta" }),
  fc.record({ okta: fc.record({ team: teams }) }),
  fc.record({ github: fc.record({ team: teams }) }),
  fc.record({ not: fc.record({ okta: fc.record({ team: teams }) }) }),
  fc.tuple(leaf, fc.constant({ provider: "okta" })).map((list) => ({ any: list })),
);
const kept = fc.record({
  rule: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ when: fc.oneof(condition, gone), then: fc.constantFrom("deny", "ask") }),
    },
    {
      weight: 6,
      arbitrary: fc.record(
        {
          when: fc.oneof(condition, gone),
          then: fc.constant("allow"),
          roles: fc.constantFrom(["support"], ["lead"], ["member", "lead"]),
        },
        { requiredKeys: ["when", "then"] },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>(
        null,
        "allow",
        [],
        { then: "allow" },
        { when: { provider: "corp" } },
      ),
    },
  ),
  enabled: fc.constantFrom(true, true, true, false),
});
const kepts = fc.array(kept, { maxLength: 4 });

interface Kept {
  readonly rule: unknown;
  readonly enabled: boolean;
}

function both({ owners, access }: AccessPolicy, stored: readonly Kept[]): AccessPolicy {
  const rows = stored.map(
    (one, n): StoredRule => ({
      ...one,
      ...{ id: `rul_${n}`, note: null, createdAt: 0, createdBy: "test", changedAt: 0, changedBy: "test" },
    }),
  );
  return { owners, access: rulesInForce(listRules(access, rows, VOCABULARY)) };
}

const answers = fc.record({
  ops: fc.constantFrom<MembershipAnswer>("yes", "no", "cannot_tell"),
  dev: fc.constantFrom<MembershipAnswer>("yes", "no", "cannot_tell"),
  left: fc.constantFrom<MembershipAnswer>("yes", "no", "cannot_tell"),
});
const person = fc.record({
  provider: fc.constantFrom("corp", "github"),
  userInfo: fc.record({
    issuer: fc.constantFrom("https://a.example", "https://b.example#T1"),
    subject: fc.constantFrom("1", "2"),
    email: fc.constantFrom(
      "ana@example.com",
      "bo@sub.example.com",
      "x@y@example.com",
      "ａna@example.com",
      null,
    ),
    emailVerified: fc.constantFrom(true, true, false, null),
    claims,
  }),
  directRoles: fc.constantFrom([], [], ["support"]),
});

type Answers = Readonly<Record<string, MembershipAnswer>>;

function arrival(who: Omit<Arrival, "facts">, told: Answers): Arrival {
  const facts = Object.entries(told).map(([wanted, answer]) => ({ check: "team", wanted, answer }));
  return { ...who, facts };
}

test("the decision agrees with a slow, obvious one", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(policy, person, answers, (rules, who, told) => {
      const expected = decideSlowly(rules, who, told);
      const { outcome, rule } = decideAccess(rules, arrival(who, told));
      expect({ outcome, rule }).toEqual(expected);
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }),
    RUNS,
  );
  for (const outcome of ["allow", "deny", "ask"]) expect(seen.get(outcome)).toBeGreaterThan(100);
});

test("and so does that by the rules of both sources, whatever has become of those of the database", () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(policy, kepts, person, answers, (configured, stored, who, told) => {
      const rules = both(configured, stored);
      const decided = decideAccess(rules, arrival(who, told));
      const name = decided.rule === null ? null : ruleName(rules, decided.rule);
      expect({ outcome: decided.outcome, rule: name }).toEqual(
        decideSlowlyByBoth(configured, stored, who, told),
      );
      const roles = decided.outcome === "allow" ? decided.roles.map(({ role }) => role) : [];
      expect(roles).not.toContain("lead");
      const kind = `${decided.outcome} ${name === null ? "no rule" : name.replace(/\W?\d.*/, "")}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
    }),
    RUNS,
  );
  for (const outcome of ["allow", "deny", "ask"]) {
    for (const source of ["access", "rul_"]) expect(seen.get(`${outcome} ${source}`)).toBeGreaterThan(30);
  }
});

test("asking only what matters decides as knowing everything does, and asks nothing twice", async () => {
  let spared = 0;
  await fc.assert(
    fc.asyncProperty(policy, person, answers, async (rules, who, told) => {
      const asked: string[] = [];
      const facts = await askMembership(rules, who, async (_, wanted) => {
        asked.push(wanted);
        return told[wanted as keyof typeof told];
      });
      expect(new Set(asked).size).toBe(asked.length);
      // The reason for people may differ: it is told from what was asked.
      const verdict = (known: Arrival) => ({ ...decideAccess(rules, known), code: null });
      expect(verdict({ ...who, facts })).toEqual(verdict(arrival(who, told)));
      spared += Number(asked.length === 0);
    }),
    RUNS,
  );
  expect(spared).toBeGreaterThan(100);
});

test("whoever enters by a rule still enters when the provider says more, never by its saying less", () => {
  let entered = 0;
  fc.assert(
    fc.property(rule, person, answers, ({ when }, who, told) => {
      const access: readonly AccessRule[] = [{ when, then: "allow" }];
      const silent = { ...who, directRoles: [], userInfo: { ...who.userInfo, claims: {}, email: null } };
      if (decideAccess({ owners: [], access }, arrival(silent, {})).outcome !== "allow") return;
      entered++;
      const telling = { ...who, directRoles: [] };
      expect(decideAccess({ owners: [], access }, arrival(telling, told)).outcome).toBe("allow");
    }),
    RUNS,
  );
  expect(entered).toBeGreaterThan(100);
});

// The slow one: a reading of docs/access-rules.md, with nothing taken from the code it judges.

function decideSlowlyByBoth(
  { owners, access }: AccessPolicy,
  stored: readonly Kept[],
  who: Omit<Arrival, "facts">,
  told: Answers,
): { outcome: string; rule: string | null } {
  const byConfig = decideSlowly({ owners, access }, who, told);
  if (byConfig.rule !== null) return { outcome: byConfig.outcome, rule: `access[${byConfig.rule}]` };
  const owns = owners.some((owner) => owner.provider === who.provider && owner.who === who.userInfo.subject);
  // An owner whom a rule of the configuration would keep out is let in by none.
  if (owns && access.some(({ when, then }) => then !== "allow" && holds(when, who, told) !== false)) {
    return { outcome: "allow", rule: null };
  }
  const isIn = owns || who.directRoles.length > 0;
  for (const [n, { rule, enabled }] of stored.entries()) {
    if (!enabled) continue;
    const { when, then, roles } = ((typeof rule === "object" ? rule : null) ?? {}) as Partial<
      AccessRule & { roles: readonly string[] }
    >;
    const isRead = then === "allow" || then === "deny" || then === "ask";
    const makesSense =
      isRead && typeof when === "object" && when !== null && soundly(when as AccessCondition);
    const answer = makesSense ? holds(when as AccessCondition, who, told) : undefined;
    const decides = answer === true || (answer === undefined && then !== "allow");
    if (!decides) continue;
    const isWhole = makesSense && !roles?.includes("lead") && !namesGone(when as AccessCondition);
    if (then === "allow" && isWhole) return { outcome: "allow", rule: `rul_${n}` };
    if (owns) return { outcome: "allow", rule: null };
    if (isIn && isRead && then !== "deny") return { outcome: "allow", rule: `rul_${n}` };
    return { outcome: then === "ask" ? "ask" : "deny", rule: `rul_${n}` };
  }
  return { outcome: isIn ? "allow" : "deny", rule: null };
}

/** Whether it could have been written at all. */
function soundly(when: AccessCondition, depth = 1): boolean {
  const entries = Object.entries(when);
  return (
    entries.length > 0 &&
    depth <= 8 &&
    entries.every(([key, value]) => {
      if (key === "not") return soundly(value as AccessCondition, depth + 1);
      if (key === "all" || key === "any") {
        const list = value as readonly AccessCondition[];
        return list.length > 0 && list.every((inner) => soundly(inner, depth + 1));
      }
      if (key === "tenant") return String(value).includes("://") || when.provider !== undefined;
      return key !== "corp" || when.provider === undefined || when.provider === "corp";
    })
  );
}

function namesGone(when: AccessCondition): boolean {
  return /"okta"|"github":\{/.test(JSON.stringify(when));
}

function decideSlowly(
  { owners, access }: AccessPolicy,
  who: Omit<Arrival, "facts">,
  told: Answers,
): { outcome: string; rule: number | null } {
  const owns = owners.some((owner) => owner.provider === who.provider && owner.who === who.userInfo.subject);
  for (const [index, { when, then }] of access.entries()) {
    const answer = holds(when, who, told);
    if (then === "allow" && answer === true) return { outcome: "allow", rule: index };
    if (then === "allow" || answer === false) continue;
    if (owns) return { outcome: "allow", rule: null };
    if (then === "ask" && who.directRoles.length > 0) return { outcome: "allow", rule: index };
    return { outcome: then, rule: index };
  }
  return { outcome: owns || who.directRoles.length > 0 ? "allow" : "deny", rule: null };
}

/** `undefined` = cannot be told. */
function holds(when: AccessCondition, who: Omit<Arrival, "facts">, told: Answers): boolean | undefined {
  const parts: (boolean | undefined)[] = [];
  const { userInfo, provider } = who;
  if ("provider" in when) parts.push(when.provider === provider);
  if ("tenant" in when) {
    parts.push([userInfo.issuer, userInfo.issuer?.split("#")[1]].includes(when.tenant));
  }
  const isAddress = /^[^@]+@[a-z.]+$/.test(userInfo.email ?? "") && userInfo.emailVerified === true;
  const email = isAddress ? String(userInfo.email) : undefined;
  if ("email" in when) parts.push(email === undefined ? undefined : email === when.email);
  if ("emailDomain" in when) {
    const exact = email?.endsWith(`@${when.emailDomain}`);
    parts.push(exact === false && when.subdomains === true ? email?.endsWith(`.${when.emailDomain}`) : exact);
  }
  for (const place of ["corp", "github", "okta"]) {
    if (!(place in when)) continue;
    const answer = told[(when[place] as { team: string }).team];
    parts.push(provider !== place || answer === "no" ? false : answer === "yes" ? true : undefined);
  }
  if ("claim" in when) parts.push(claimHolds(when.claim, userInfo.claims ?? {}));
  if ("all" in when) parts.push(every((when.all ?? []).map((inner) => holds(inner, who, told))));
  if ("any" in when) {
    const inner = (when.any ?? []).map((one) => holds(one, who, told));
    parts.push(
      inner.includes(true) ? true : inner.length === 0 || inner.includes(undefined) ? undefined : false,
    );
  }
  if ("not" in when) {
    const inner = holds(when.not ?? {}, who, told);
    parts.push(inner === undefined ? undefined : !inner);
  }
  return every(parts);
}

function every(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(false)) return false;
  return parts.length === 0 || parts.includes(undefined) ? undefined : true;
}

type Claim = {
  path: string | readonly string[];
  equals?: unknown;
  in?: unknown[];
  contains?: unknown;
  matches?: string;
};

function claimHolds(claim: unknown, claims: Readonly<Record<string, unknown>>): boolean | undefined {
  const { path, equals, in: among, contains, matches } = claim as Claim;
  let found: unknown = claims;
  for (const name of typeof path === "string" ? path.split(".") : path) {
    const entries =
      typeof found === "object" && found !== null && !Array.isArray(found) ? Object.entries(found) : [];
    found = entries.find(([key]) => key === name)?.[1];
  }
  if (equals !== undefined) return typeof found === typeof equals ? Object.is(found, equals) : undefined;
  if (among !== undefined) {
    const sameType = among.filter((one) => typeof one === typeof found);
    return sameType.length === 0 ? undefined : sameType.some((one) => one === found);
  }
  if (contains !== undefined) {
    if (!Array.isArray(found) || found.some((one) => typeof one !== typeof contains)) return undefined;
    return found.filter((one) => one === contains).length > 0;
  }
  const form = new RegExp(`^${(matches ?? "").replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
  return typeof found === "string" ? form.test(found) : undefined;
}
