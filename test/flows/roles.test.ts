import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createLivePolicy } from "../../src/access/live-policy.ts";
import { createInvitation } from "../../src/invitations/create-invitation.ts";
import type { StoredRule } from "../../src/model/stored-rule.ts";
import { changeRole, createRole, type RoleWish, removeRole } from "../../src/roles/change-roles.ts";
import type { RoleCreationTerms } from "../../src/roles/changing-roles.ts";
import { describeRole, describeRoles } from "../../src/roles/describe-roles.ts";
import { explainPermissions } from "../../src/roles/explain-permissions.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { grantBeforeSignIn, revokePendingGrant } from "../../src/users/pending-grant.ts";
import { restoreUser } from "../../src/users/restore-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, reconfigured, type VerbRuntime } from "../support/verb-runtime.ts";

const CLI = { actor: "cli:root@host" };
const OPTIONS = {
  owners: ["rehearsal:ada@demo.example"],
  roles: { support: ["orders.read"], guide: ["tours.lead"] },
  permissions: { "orders.read": {}, "orders.refund": { title: "Refund", dangerous: true }, "vault.open": {} },
  access: [
    { when: { email: "guide@demo.example" }, then: "allow", roles: ["guide"] },
    { when: { emailDomain: "demo.example" }, then: "allow" },
  ],
} as const;

describe.each(["sqlite", "postgres"])("roles of the database on %s", (engine) => {
  const folder = scratchFolder();
  let runtime: VerbRuntime;
  let clock = 1_800_000_000_000;
  let [ada, grace, bo] = ["", "", ""];
  let count = 0;
  let role: string;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("roles.db");
    runtime = await openVerbRuntime({ database, now: () => ++clock, options: OPTIONS });
    [ada, grace, bo] = [await come("ada"), await come("grace"), await come("bo")];
    await grantRole(runtime, grace, "admin", CLI.actor);
  });
  afterAll(async () => {
    await runtime.store.close();
    folder.remove();
  });
  beforeEach(() => {
    role = `refunds-${count++}`;
  });

  async function come(name: string): Promise<string> {
    const admission = await arrive(runtime, name);
    if (admission.kind !== "admitted") throw new Error(admission.code);
    return admission.userId;
  }
  const make = (wish: Partial<RoleWish> = {}, terms: Partial<RoleCreationTerms> = {}) =>
    createRole(runtime, { name: role, permissions: ["orders.read"], ...wish }, { ...CLI, ...terms });
  /** As somebody has left them in the database. */
  const keepRules = (...rules: readonly Pick<StoredRule, "id" | "rule">[]) =>
    runtime.store.transaction(async (tx) => {
      const written = { createdAt: clock, createdBy: CLI.actor, changedAt: clock, changedBy: CLI.actor };
      const all = rules.map((rule) => ({ ...rule, enabled: true, note: null, ...written }));
      await (await tx.policy.change()).rules.replaceAll(all);
    });
  const described = async (name = role) => describeRole(runtime, await runtime.policy.latest(), name);
  const told = async (target = role) =>
    (await runtime.store.audit.list({ target, limit: 20 })).map(({ action, actor, detail }) => ({
      action,
      actor,
      ...detail,
    }));
  const rightsOf = async (userId: string) => {
    const held = (await runtime.store.grants.ofUser(userId)).map((grant) => grant.role);
    return (await runtime.policy.latest()).roles.permissionsOf(held);
  };

  test("are made, changed and removed; each is told once, with before and after", async () => {
    await make({ title: { en: "Refunds", "zh-CN": "退款" } }, { reason: "busy season" });
    expect(await described()).toMatchObject({
      source: "database",
      title: { en: "Refunds", "zh-CN": "退款" },
      permissions: ["orders.read"],
      holders: 0,
    });
    await grantRole(runtime, bo, role, CLI.actor);
    expect(await rightsOf(bo)).toEqual(["orders.read"]);

    const permissions = ["orders.refund", "orders.read", "orders.refund"];
    const changed = await changeRole(runtime, role, { permissions }, CLI);
    expect(changed).toMatchObject({ changed: true, role: { permissions: ["orders.read", "orders.refund"] } });
    expect((await changeRole(runtime, role, { permissions }, CLI)).changed).toBe(false);
    expect(await rightsOf(bo)).toEqual(["orders.read", "orders.refund"]);

    expect(await removeRole(runtime, role, { ...CLI, reason: "over" })).toMatchObject({ holders: 1 });
    expect(await described()).toBeNull();
    expect(await rightsOf(bo)).toEqual([]);
    const before = { title: { en: "Refunds", "zh-CN": "退款" } };
    expect((await told()).toReversed()).toMatchObject([
      { action: "role.created", role, reason: "busy season", before: null },
      { action: "role.changed", before: { permissions: ["orders.read"] }, after: before },
      { action: "role.removed", before, after: null, holders: 1, people: [bo], reason: "over" },
    ]);
  });

  test("can be tried out: the same is refused, and nothing is changed or told", async () => {
    const dry = { dryRun: true };
    expect(await make({}, dry)).toMatchObject({ name: role });
    expect(await described()).toBeNull();
    await make();
    await expect(make({}, dry)).rejects.toMatchObject({ code: "role_exists" });
    const change = { permissions: ["orders.refund"] };
    expect(await changeRole(runtime, role, change, { ...CLI, ...dry })).toMatchObject({ changed: true });
    await grantRole(runtime, bo, role, CLI.actor);
    expect(await removeRole(runtime, role, { ...CLI, ...dry })).toMatchObject({ holders: 1 });
    expect(await described()).toMatchObject({ permissions: ["orders.read"], holders: 1 });
    expect(await told()).toHaveLength(1);
    await removeRole(runtime, role, CLI);
  });

  test("have names, titles and permissions that make sense, and none twice", async () => {
    for (const name of ["", "Lead", "1st", "a b", "x".repeat(65), "ｌead", "lead\n"]) {
      await expect(make({ name })).rejects.toMatchObject({ code: "role_invalid" });
    }
    for (const title of ["", " ", "two\nlines", "x".repeat(101), "\u202Eevil", { en: "Lead" } as never]) {
      await expect(make({ title })).rejects.toMatchObject({ code: "role_invalid" });
    }
    await expect(make({ permissions: ["orders.raed"] })).rejects.toMatchObject({
      code: "unknown_permission",
      message: expect.stringContaining('"orders.read"'),
    });
    await expect(changeRole(runtime, "nobody", {}, CLI)).rejects.toMatchObject({ code: "unknown_role" });
    await expect(removeRole(runtime, "constructor", CLI)).rejects.toMatchObject({ code: "unknown_role" });
    const settled = await Promise.allSettled([make(), make(), make()]);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await told()).toHaveLength(1);
  });

  test("that are built in or stand in the configuration are locked", async () => {
    for (const name of ["owner", "admin", "auditor", "member", "support"]) {
      const locked = { code: "role_locked" };
      await expect(make({ name })).rejects.toMatchObject(locked);
      await expect(changeRole(runtime, name, { permissions: [] }, CLI)).rejects.toMatchObject(locked);
      await expect(removeRole(runtime, name, CLI)).rejects.toMatchObject(locked);
    }
    const sources = await describeRoles(runtime, await runtime.policy.latest());
    expect(sources.find(({ name }) => name === "owner")).toMatchObject({
      source: "built-in",
      permissions: ["orders.read", "orders.refund", "tours.lead", "vault.open"],
    });
    expect(sources.find(({ name }) => name === "support")).toMatchObject({ source: "configuration" });
  });

  test("are not removed while something would still give them", async () => {
    await make();
    const promised = await grantBeforeSignIn(runtime, "rehearsal:late@demo.example", role, CLI.actor);
    const invited = await createInvitation(runtime, { roles: ["member", role] }, CLI.actor);
    const refused = removeRole(runtime, role, CLI);
    await expect(refused).rejects.toMatchObject({
      code: "role_in_use",
      reason: `${promised.grant.id}, ${invited.invitation.id}`,
    });
    await revokePendingGrant(runtime, promised.grant, CLI.actor);
    clock += 73 * 3_600_000;
    expect(await removeRole(runtime, role, CLI)).toMatchObject({ holders: 0 });
  });

  test("are not removed while a rule of the configuration names them", async () => {
    await make();
    const access = [{ when: { emailDomain: "x.example" }, then: "allow" as const, roles: [role] }];
    const settings = { ...runtime.settings, access };
    const ruled = { ...runtime, settings, policy: createLivePolicy(settings, runtime.store) };
    const refused = { code: "role_in_use", reason: "access[0]" };
    await expect(removeRole(ruled, role, CLI)).rejects.toMatchObject(refused);
  });

  test("cannot be given while they are being removed, however it falls out", async () => {
    for (let round = 0; round < 10; round++) {
      const name = `${role}-${round}`;
      await make({ name });
      const [given, removed] = await Promise.allSettled([
        grantRole(runtime, bo, name, CLI.actor),
        removeRole(runtime, name, CLI),
      ]);
      expect(removed.status).toBe("fulfilled");
      if (given.status === "rejected") expect(given.reason).toMatchObject({ code: "unknown_role" });
      expect((await runtime.store.grants.ofUser(bo)).map((grant) => grant.role)).not.toContain(name);
    }
  });

  test("do not come back with somebody who is restored, not even under the same name", async () => {
    await make();
    const late = await come(`late${count}`);
    await grantRole(runtime, late, role, CLI.actor);
    await deleteUser(runtime, late, CLI.actor);
    await removeRole(runtime, role, CLI);
    await make({ permissions: ["vault.open"] });
    await restoreUser(runtime, late, CLI.actor);
    expect(await runtime.store.grants.ofUser(late)).toEqual([]);
    await removeRole(runtime, role, CLI);
  });

  describe("with the name of one that has left the configuration", () => {
    /** What still had it. */
    let former: VerbRuntime;
    beforeEach(() => {
      former = reconfigured(runtime, { roles: { ...runtime.settings.roles, [role]: ["vault.open"] } });
    });

    test("are not made while anybody holds that, also when it is only tried out", async () => {
      await grantRole(former, bo, role, CLI.actor);
      await grantRole(former, grace, role, CLI.actor, "covers for Bo", clock + 3_600_000);
      for (const dryRun of [true, false]) {
        const refused = { code: "role_in_use", reason: expect.stringMatching(/^usr_\w+, usr_\w+$/) };
        await expect(make({}, { dryRun })).rejects.toMatchObject(refused);
      }
      clock += 3_600_000;
      await expect(make()).rejects.toMatchObject({ code: "role_in_use", reason: bo });
      await expect(make({}, { actor: bo })).rejects.toMatchObject({ code: "permission_denied" });
      expect(await described()).toBeNull();
      expect(await told()).toEqual([]);
      expect((await revokeRole(runtime, bo, role, CLI.actor)).revoked).toBe(true);
      expect(await make()).toMatchObject({ name: role, holders: 0 });
      expect(await described()).toMatchObject({ holders: 0 });
      await removeRole(runtime, role, CLI);
    });

    test("are whose that was when it is said so, and the event tells whose", async () => {
      await grantRole(former, bo, role, CLI.actor);
      const promised = await grantBeforeSignIn(former, "rehearsal:later@demo.example", role, CLI.actor);
      const invited = await createInvitation(former, { roles: [role] }, CLI.actor);
      const rule = { when: { emailDomain: "x.example" }, then: "allow", roles: [role] };
      await keepRules({ id: "rul_left", rule });
      const problems = async () => (await runtime.policy.latest()).rules.at(-1)?.problems.length;
      expect(await problems()).toBe(1);
      const givenBy = ["rul_left", promised.grant.id, invited.invitation.id];
      const refused = { code: "role_in_use", reason: [...givenBy, bo].join(", ") };
      await expect(make()).rejects.toMatchObject(refused);

      expect(await make({}, { adopt: true, dryRun: true })).toMatchObject({ name: role, holders: 1 });
      expect(await described()).toBeNull();
      expect(await make({}, { adopt: true })).toMatchObject({ name: role, holders: 1 });
      expect(await described()).toMatchObject({ holders: 1, permissions: ["orders.read"] });
      expect(await rightsOf(bo)).toEqual(["orders.read"]);
      expect(await problems()).toBe(0);
      expect(await told()).toMatchObject([{ action: "role.created", holders: 1, people: [bo], givenBy }]);

      await keepRules();
      await revokePendingGrant(runtime, promised.grant, CLI.actor);
      clock += 73 * 3_600_000;
      expect(await removeRole(runtime, role, CLI)).toMatchObject({ holders: 1 });
    });
  });

  test("are made and removed whatever stands in a rule that makes no sense", async () => {
    await keepRules({ id: "rul_odd", rule: { when: {}, then: "allow", roles: 5 } });
    expect(await make()).toMatchObject({ holders: 0 });
    expect(await removeRole(runtime, role, CLI)).toMatchObject({ holders: 0 });
    await keepRules();
  });

  describe("are shaped by owners and administrators only", () => {
    test("and administrators hand out nothing that no role gives yet", async () => {
      const denied = { code: "permission_denied" };
      await expect(make({}, { actor: bo })).rejects.toMatchObject(denied);
      await expect(make({}, { actor: "usr_nobody" })).rejects.toMatchObject(denied);
      await make({}, { actor: grace });
      const beyond = { permissions: ["orders.read", "vault.open"] };
      await expect(changeRole(runtime, role, beyond, { actor: grace })).rejects.toMatchObject(denied);
      await expect(changeRole(runtime, role, beyond, { actor: bo })).rejects.toMatchObject(denied);
      expect(await changeRole(runtime, role, beyond, { actor: ada })).toMatchObject({ changed: true });
      // An owner has handed it out: now it may be combined.
      await make({ name: `${role}-too`, permissions: ["vault.open"] }, { actor: grace });
      await expect(removeRole(runtime, role, { actor: bo })).rejects.toMatchObject(denied);
      await removeRole(runtime, role, { actor: grace });
      await removeRole(runtime, `${role}-too`, CLI);
    });
  });

  test("are explained: every permission with the grants that give it", async () => {
    await make({ permissions: ["orders.refund"] });
    const guide = await come("guide");
    const until = clock + 3_600_000;
    await grantRole(runtime, guide, role, CLI.actor, "covers for Bo", until);
    await grantRole(runtime, guide, "support", CLI.actor);
    const explained = await explainPermissions(runtime, guide);
    const why = Object.fromEntries(
      explained.map(({ permission, by }) => [
        permission,
        by.map(({ grant, through }) => [through, grant.source, grant.reason, grant.expiresAt]),
      ]),
    );
    expect(why).toEqual({
      "orders.read": [["support", "direct", null, null]],
      "orders.refund": [[role, "direct", "covers for Bo", until]],
      "tours.lead": [["guide", "rule", null, null]],
      "vault.open": [],
    });
    const [one] = await explainPermissions(runtime, ada, "vault.open");
    expect(one).toMatchObject({ by: [{ grant: { source: "config" }, through: "owner" }], roles: ["owner"] });
    clock = until;
    expect((await explainPermissions(runtime, guide, "orders.refund"))[0]?.by).toEqual([]);
    await expect(explainPermissions(runtime, "usr_nobody")).rejects.toMatchObject({ code: "user_not_found" });
    await expect(explainPermissions(runtime, guide, "orders.raed")).rejects.toMatchObject({
      code: "unknown_permission",
    });
  });
});
