import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import type { PosternError } from "../errors.ts";
import type { AccessRule } from "../model/access-rule.ts";
import type { RuleEdit } from "./edit-rules.ts";
import { type RuleVerbs, ruleVerbs } from "./rule-verbs.ts";

const LOCKED: AccessRule = { when: { email: "eve@example.com" }, then: "deny" };
const STAFF: AccessRule = { when: { emailDomain: "example.com" }, then: "allow" };
const ADMINS: AccessRule = { when: { email: "bo@example.com" }, then: "allow", roles: ["admin"] };
const OWNERS: AccessRule = { when: { email: "bo@example.com" }, then: "allow", roles: ["owner"] };

let office: TestRuntime;
let rules: RuleVerbs;
let owner: string;
let admin: string;
beforeEach(async () => {
  office = await openTestRuntime({ access: [LOCKED], roles: { support: [] } });
  rules = ruleVerbs(office.runtime);
  owner = await signIn("owner@example.com", "owner");
  admin = await signIn("admin@example.com", "admin");
});
afterEach(() => office.close());

/** Somebody whose e-mail is known and verified. */
async function signIn(email: string, ...roles: readonly string[]): Promise<string> {
  const { userId } = await office.signIn(...roles);
  await office.runtime.store.transaction(async (tx) => {
    const [identity] = await tx.identities.ofUser(userId);
    if (identity === undefined) throw new Error("no identity");
    await tx.identities.update(identity.id, { ...identity, email, emailVerified: true });
  });
  return userId;
}

const version = async () => (await rules.list()).version;
const names = async () => (await rules.list()).rules.map(({ name }) => name);
const events = async () =>
  (await office.runtime.store.audit.list({ limit: 50 })).filter(({ action }) => action.startsWith("rule"));
const apply = async (edit: RuleEdit, actor = owner, more: object = {}) => {
  // Ids sort by time, to the millisecond.
  office.passTime(1);
  return rules.apply(edit, { version: await version(), actor, ...more });
};
const add = async (rule: AccessRule, actor?: string, more: object = {}) => {
  const { id } = await apply({ kind: "add", wish: { rule }, ...more }, actor);
  return id ?? "";
};
const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "none",
    (error: PosternError) => error.code,
  );

describe("a rule that is added", () => {
  test("counts behind those of the configuration, and tells who wrote it", async () => {
    const before = await version();
    const wish = { rule: STAFF, note: "everybody" };
    const made = await rules.add(wish, { version: before, actor: admin, reason: "opening day" });
    expect(made).toEqual({ changed: true, version: before + 1, id: expect.stringMatching(/^rul_/) });
    const list = await rules.list();
    expect(list.version).toBe(made.version);
    expect(list.rules).toMatchObject([
      { name: "access[0]", source: "config", rule: LOCKED, stored: null },
      { name: made.id, source: "database", rule: STAFF, stored: { note: "everybody", createdBy: admin } },
    ]);
    expect(await events()).toMatchObject([
      {
        action: "rule.created",
        actor: admin,
        target: made.id,
        detail: {
          before: [],
          after: [{ id: made.id, place: 1, enabled: true, rule: STAFF }],
          version: made.version,
          reason: "opening day",
        },
      },
    ]);
  });

  test("is refused with every problem at its place, and leaves nothing behind", async () => {
    const before = await version();
    const wish = { rule: { when: { provider: "githup" }, then: "allow", roles: ["suport"] } as AccessRule };
    const attempt = rules.add(wish, { version: before, actor: owner });
    await expect(attempt).rejects.toMatchObject({
      code: "rule_invalid",
      problems: [
        { path: "rule.when.provider", fix: 'Did you mean "github"?' },
        { path: "rule.roles[0]", fix: 'Did you mean "support"? Otherwise add it to roles.' },
      ],
    });
    expect(await version()).toBe(before);
    expect(await names()).toEqual(["access[0]"]);
    expect(await events()).toEqual([]);
  });

  test("may name a role that administrators have made, which is gone again with the role", async () => {
    const role = {
      name: "night",
      title: null,
      permissions: [],
      createdAt: 1,
      createdBy: "test",
      changedAt: 1,
    };
    const { store } = office.runtime;
    await store.transaction(async (tx) => (await tx.policy.change()).roles.insert(role));
    const id = await add({ ...STAFF, roles: ["night"] });
    expect((await rules.list()).rules.at(-1)).toMatchObject({ name: id, problems: [] });
    await store.transaction(async (tx) => (await tx.policy.change()).roles.delete("night"));
    expect((await rules.list()).rules.at(-1)).toMatchObject({
      name: id,
      problems: [{ path: "rule.roles[0]" }],
    });
  });
});

test("every kind of change is one event with before and after, and what changes nothing is none", async () => {
  const [first, second] = [await add(STAFF), await add(ADMINS)];
  const edits: readonly RuleEdit[] = [
    { kind: "change", id: first, wish: { note: "all" } },
    { kind: "move", id: second, place: "first" },
    { kind: "disable", id: second },
    { kind: "enable", id: second },
    { kind: "remove", id: second },
    { kind: "replace", rules: [{ id: first, rule: STAFF, enabled: false }, { rule: ADMINS }] },
  ];
  for (const edit of edits) expect(await apply(edit)).toMatchObject({ changed: true });
  const told = (await events()).toReversed().slice(2);
  expect(told.map(({ action }) => action)).toEqual([
    "rule.changed",
    "rule.moved",
    "rule.disabled",
    "rule.enabled",
    "rule.removed",
    "rules.replaced",
  ]);
  expect(told.map(({ detail }) => detail)).toMatchObject([
    { before: [{ id: first, note: null }], after: [{ id: first, note: "all" }] },
    { before: [], after: [], order: { before: [first, second], after: [second, first] } },
    { before: [{ id: second, enabled: true }], after: [{ id: second, enabled: false }] },
    { before: [{ id: second, enabled: false }], after: [{ id: second, enabled: true }] },
    { before: [{ id: second, place: 1, rule: ADMINS }], after: [] },
    {
      before: [{ id: first, enabled: true }],
      after: [
        { id: first, enabled: false },
        { place: 2, rule: ADMINS },
      ],
    },
  ]);

  const before = await version();
  expect(await apply({ kind: "disable", id: first })).toEqual({ changed: false, version: before, id: first });
  expect(await version()).toBe(before);
  expect(await events()).toHaveLength(8);
});

test("of what somebody else has changed meanwhile nothing is overwritten", async () => {
  const seen = await version();
  const id = await add(STAFF);
  const late = { version: seen, actor: owner };
  expect(await refusal(rules.remove(id, late))).toBe("rules_changed");
  expect(await refusal(rules.add({ rule: ADMINS }, late))).toBe("rules_changed");
  expect(await refusal(rules.foresee({ kind: "remove", id }, late))).toBe("rules_changed");
  expect(await names()).toEqual(["access[0]", id]);
});

describe("who may change rules", () => {
  test("administrators and owners who are active, and what the server runs; nobody else", async () => {
    const nobody = (await office.signIn("auditor", "support")).userId;
    const gone = (await office.signIn("admin")).userId;
    await office.runtime.store.transaction((tx) => tx.users.update(gone, { status: "suspended" }));
    for (const actor of [nobody, gone, "usr_nobody"]) {
      expect(await refusal(add(STAFF, actor))).toBe("permission_denied");
      expect(
        await refusal(
          rules.foresee({ kind: "add", wish: { rule: STAFF } }, { version: await version(), actor }),
        ),
      ).toBe("permission_denied");
    }
    for (const actor of [admin, owner, "cli:root@host"]) expect(await add(STAFF, actor)).toMatch(/^rul_/);
  });

  test("only owners write what gives owner, or change what stands in front of it", async () => {
    expect(await refusal(add(OWNERS, admin))).toBe("permission_denied");
    const deny = await add({ when: { email: "bo@example.com" }, then: "deny" });
    const gives = await add(OWNERS);
    const behind = await add(STAFF);
    const attempts: readonly RuleEdit[] = [
      { kind: "remove", id: deny },
      { kind: "disable", id: deny },
      { kind: "change", id: deny, wish: { rule: STAFF } },
      { kind: "move", id: deny, place: "last" },
      { kind: "move", id: gives, place: "first" },
      { kind: "remove", id: gives },
      { kind: "disable", id: gives },
      { kind: "change", id: gives, wish: { rule: ADMINS } },
      { kind: "change", id: behind, wish: { rule: OWNERS } },
      { kind: "move", id: behind, place: "first" },
      { kind: "add", wish: { rule: STAFF }, place: "first" },
      { kind: "replace", rules: [] },
    ];
    for (const edit of attempts) expect(await refusal(apply(edit, admin))).toBe("permission_denied");
    expect(await apply({ kind: "remove", id: behind }, admin)).toMatchObject({ changed: true });
    await apply({ kind: "disable", id: gives });
    // Switched off it gives nothing, and could be switched on again.
    expect(await refusal(apply({ kind: "enable", id: gives }, admin))).toBe("permission_denied");
    expect(await apply({ kind: "change", id: deny, wish: { note: "Bo has left" } }, admin)).toMatchObject({
      changed: true,
    });
  });

  test("nobody changes a rule of the configuration", async () => {
    expect(await refusal(apply({ kind: "remove", id: "access[0]" }))).toBe("rule_locked");
    expect(await refusal(apply({ kind: "remove", id: "rul_none" }))).toBe("rule_not_found");
  });
});

describe("nobody locks themselves or the owners out", () => {
  const EVERYBODY: AccessRule = { when: { provider: "github" }, then: "deny" };
  const PERHAPS: AccessRule = { when: { claim: { path: "id", equals: "5" } }, then: "deny" };
  const SERVER = "cli:root@host";
  const keepOut = (email: string): AccessRule => ({ when: { email }, then: "deny" });
  const attempt = (rule: AccessRule, actor: string, confirmed = false) =>
    refusal(apply({ kind: "add", wish: { rule } }, actor, { confirmed }));

  test("not the last owner, confirmed or not, also when it only may be", async () => {
    for (const confirmed of [false, true]) {
      for (const actor of [owner, admin, SERVER]) {
        expect(await attempt(EVERYBODY, actor, confirmed)).toBe("last_owner");
        expect(await attempt(PERHAPS, actor, confirmed)).toBe("last_owner");
      }
    }
    expect(await names()).toEqual(["access[0]"]);
    expect(await events()).toEqual([]);
  });

  test("another owner only when it is confirmed, and that is told", async () => {
    const cara = await signIn("cara@example.com", "owner");
    await apply({ kind: "add", wish: { rule: { when: { email: "cara@example.com" }, then: "allow" } } });
    expect(await attempt(EVERYBODY, SERVER)).toBe("would_lock_out");
    const foreseen = await rules.foresee(
      { kind: "add", wish: { rule: EVERYBODY } },
      { version: await version(), actor: SERVER },
    );
    expect(foreseen).toMatchObject({
      changed: true,
      lockOut: { owners: [owner], author: false, certainOwners: 1 },
    });
    expect(await attempt(EVERYBODY, SERVER, true)).toBe("none");
    expect((await events())[0]).toMatchObject({ detail: { confirmedFor: [owner] } });
    // Only Cara is left who is sure to come in: nobody takes that from her, herself included.
    for (const actor of [cara, SERVER]) {
      const hers = (await names())[1] ?? "";
      const attempted = apply({ kind: "remove", id: hers }, actor, { confirmed: true });
      expect(await refusal(attempted)).toBe("last_owner");
    }
  });

  test("nor themselves, unless it is confirmed", async () => {
    const dan = await signIn("dan@example.com", "admin");
    expect(await attempt(keepOut("dan@example.com"), dan)).toBe("would_lock_out");
    expect(await attempt(keepOut("dan@example.com"), owner)).toBe("none");
    // What changes nothing for them needs no confirmation; what perhaps does, does.
    expect(await attempt(keepOut("frank@example.com"), admin)).toBe("none");
    expect(await attempt(PERHAPS, admin)).toBe("last_owner");
    const letIn = { when: { email: "owner@example.com" }, then: "allow" } as const;
    await apply({ kind: "add", wish: { rule: letIn }, place: "first" });
    expect(await attempt(PERHAPS, admin)).toBe("would_lock_out");
    expect(await attempt(PERHAPS, admin, true)).toBe("none");
  });

  test("a rule that made somebody an owner stays while nobody else is one", async () => {
    const id = await add({ when: { email: "cara@example.com" }, then: "allow", roles: ["owner"] }, SERVER);
    const cara = await signIn("cara@example.com", "member");
    const { store } = office.runtime;
    await store.transaction(async (tx) => {
      await tx.grants.insert({ userId: cara, role: "owner", source: "rule", createdAt: 1 });
      await tx.grants.delete({ userId: owner, role: "owner", source: "direct" });
    });
    for (const edit of [
      { kind: "remove", id },
      { kind: "disable", id },
      { kind: "change", id, wish: { rule: STAFF } },
    ] as const) {
      expect(await refusal(apply(edit, SERVER, { confirmed: true }))).toBe("last_owner");
    }
    expect(await refusal(apply({ kind: "change", id, wish: { note: "the founder" } }, SERVER))).toBe("none");
  });
});
