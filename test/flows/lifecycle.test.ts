import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { RESTORABLE_FOR } from "../../src/model/deleted-user.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { grantBeforeSignIn, revokePendingGrant } from "../../src/users/pending-grant.ts";
import { purgeDeletedUsers } from "../../src/users/purge-deleted-users.ts";
import { restoreUser } from "../../src/users/restore-user.ts";
import { reactivateUser, suspendUser } from "../../src/users/suspend-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, reconfigured, type VerbRuntime } from "../support/verb-runtime.ts";

const ACTOR = "cli:root@host";

describe.each(["sqlite", "postgres"])("people come and go on %s", (engine) => {
  const folder = scratchFolder();
  let runtime: VerbRuntime;
  let clock = 1_800_000_000_000;
  let ada: string;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("people.db");
    runtime = await openVerbRuntime({
      database,
      now: () => ++clock,
      options: {
        owners: ["rehearsal:ada@demo.example"],
        access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
      },
    });
    ada = await enter("ada");
  });
  afterAll(async () => {
    await runtime.store.close();
    folder.remove();
  });

  async function enter(
    ...arrival: Parameters<typeof arrive> extends [unknown, ...infer Rest] ? Rest : never
  ) {
    const admission = await arrive(runtime, ...arrival);
    if (admission.kind !== "admitted") throw new Error(`refused: ${admission.code}`);
    return admission.userId;
  }

  const eventsAbout = async (target: string) =>
    (await runtime.store.audit.list({ target, limit: 100 })).map(({ action }) => action);
  const last = async (target: string) => (await runtime.store.audit.list({ target, limit: 1 }))[0];
  const rolesOf = async (id: string) => (await runtime.store.grants.ofUser(id)).map(({ role }) => role);

  describe("suspended", () => {
    test("every session ends, they never get in, and it is told why", async () => {
      const bo = await enter("bo");
      await enter("bo");
      const result = await suspendUser(runtime, bo, ACTOR, "left on Friday");
      expect(result).toEqual({ suspended: true, sessions: 2 });
      expect(await runtime.store.sessions.ofUser(bo)).toEqual([]);
      expect(await last(bo)).toMatchObject({
        action: "user.suspended",
        actor: ACTOR,
        detail: { before: { status: "active" }, after: { status: "suspended" }, reason: "left on Friday" },
      });
      const ended = await runtime.store.audit.list({ action: "session.ended", limit: 2 });
      expect(ended.map(({ reason }) => reason)).toEqual(["suspended", "suspended"]);

      expect(await arrive(runtime, "bo")).toMatchObject({ kind: "refused", code: "suspended" });
      await grantRole(runtime, bo, "admin", ACTOR);
      expect(await arrive(runtime, "bo")).toMatchObject({ kind: "refused", code: "suspended" });
      expect(await runtime.store.sessions.ofUser(bo)).toEqual([]);

      expect(await suspendUser(runtime, bo, ACTOR)).toEqual({ suspended: false, sessions: 0 });
      expect(await reactivateUser(runtime, bo, ACTOR, "came back")).toBe(true);
      expect(await reactivateUser(runtime, bo, ACTOR)).toBe(false);
      expect(await enter("bo")).toBe(bo);
      expect((await eventsAbout(bo)).filter((action) => /suspended|reactivated/.test(action))).toEqual([
        "user.reactivated",
        "user.suspended",
      ]);
    });

    test("at the moment they sign in: no session is left behind, whoever is first", async () => {
      const kit = await enter("kit");
      for (let round = 0; round < 20; round++) {
        await Promise.all([
          arrive(runtime, "kit"),
          suspendUser(runtime, kit, ACTOR),
          arrive(runtime, "kit"),
          arrive(runtime, "kit"),
        ]);
        expect(await runtime.store.sessions.ofUser(kit)).toEqual([]);
        await reactivateUser(runtime, kit, ACTOR);
      }
    });

    test("nobody is who does not exist", async () => {
      await expect(suspendUser(runtime, "usr_none", ACTOR)).rejects.toMatchObject({ code: "user_not_found" });
      await expect(reactivateUser(runtime, "usr_none", ACTOR)).rejects.toMatchObject({
        code: "user_not_found",
      });
    });
  });

  describe("the last owner who can come in", () => {
    test("is neither suspended nor deleted nor demoted, and nothing is half done", async () => {
      const before = await runtime.store.audit.list({ limit: 1000 });
      for (const verb of [suspendUser, deleteUser]) {
        await expect(verb(runtime, ada, ACTOR)).rejects.toMatchObject({ code: "last_owner" });
      }
      await expect(revokeRole(runtime, ada, "owner", ACTOR)).rejects.toMatchObject({ code: "last_owner" });
      expect((await runtime.store.users.get(ada))?.status).toBe("active");
      expect(await runtime.store.sessions.ofUser(ada)).not.toEqual([]);
      expect(await runtime.store.audit.list({ limit: 1000 })).toEqual(before);
    });

    test("is let in and stays owner when the rules and the configuration have turned against them", async () => {
      const against = [
        { owners: [], access: [] },
        { owners: [], access: [{ when: { email: "ada@demo.example" }, then: "deny" as const }] },
        { owners: [], access: [{ when: { email: "ada@demo.example" }, then: "allow" as const, roles: [] }] },
      ];
      for (const change of against) {
        expect(await arrive(reconfigured(runtime, change), "ada")).toMatchObject({
          kind: "admitted",
          userId: ada,
        });
        expect(await rolesOf(ada)).toContain("owner");
        const [event] = await runtime.store.audit.list({ action: "login.succeeded", limit: 1 });
        expect(event?.detail).toMatchObject({ keptAsLastOwner: true });
      }
      const lena = await enter("lena");
      await grantRole(runtime, lena, "owner", ACTOR);
      const shut = reconfigured(runtime, { owners: [], access: [] });
      expect(await arrive(shut, "ada")).toMatchObject({ kind: "refused", code: "not_allowed" });
      await enter("ada");
      await revokeRole(runtime, lena, "owner", ACTOR);
    });

    test("is not saved by an owner who is suspended, or whose provider is gone", async () => {
      const lena = await enter("lena");
      await grantRole(runtime, lena, "owner", ACTOR);
      await suspendUser(runtime, lena, ACTOR);
      await expect(suspendUser(runtime, ada, ACTOR)).rejects.toMatchObject({ code: "last_owner" });
      await reactivateUser(runtime, lena, ACTOR);
      await suspendUser(runtime, ada, ACTOR);
      await reactivateUser(runtime, ada, ACTOR);

      const providers = runtime.settings.providers.filter(({ id }) => id !== "rehearsal");
      await expect(suspendUser(reconfigured(runtime, { providers }), ada, ACTOR)).rejects.toMatchObject({
        code: "last_owner",
      });
      await revokeRole(runtime, lena, "owner", ACTOR);
    });
  });

  describe("deleted", () => {
    test("they come back as somebody new who inherits nothing", async () => {
      const old = await enter("mei");
      await grantRole(runtime, old, "admin", ACTOR);
      expect(await deleteUser(runtime, old, ACTOR, "contract over")).toBe(1);
      expect(await runtime.store.users.get(old)).toBeNull();
      expect(await runtime.store.sessions.ofUser(old)).toEqual([]);
      expect(await last(old)).toMatchObject({
        action: "user.deleted",
        actor: ACTOR,
        detail: {
          before: {
            status: "active",
            identities: ["rehearsal:subject-of-mei"],
            roles: [
              { role: "admin", source: "direct" },
              { role: "member", source: "rule" },
            ],
          },
          reason: "contract over",
        },
      });
      const [tombstone] = await runtime.store.deletedUsers.find("mei@demo.example");
      expect(tombstone).toMatchObject({ user: { id: old }, deletedBy: ACTOR, reason: "contract over" });

      const young = await enter("mei");
      expect(young).not.toBe(old);
      expect(await rolesOf(young)).toEqual(["member"]);
      await expect(deleteUser(runtime, old, ACTOR)).rejects.toMatchObject({ code: "user_not_found" });

      // Restored, the old one has no way in: the identity belongs to whoever used it since.
      const { identities, taken } = await restoreUser(runtime, old, ACTOR);
      expect({ identities, taken: taken.map(({ subject }) => subject) }).toEqual({
        identities: [],
        taken: ["subject-of-mei"],
      });
      expect(await enter("mei")).toBe(young);
      expect(await rolesOf(old)).toEqual(["admin"]);
    });

    test("restored within 30 days they are who they were, and no longer than that", async () => {
      const tom = await enter("tom");
      await grantRole(runtime, tom, "auditor", ACTOR);
      await suspendUser(runtime, tom, ACTOR);
      await deleteUser(runtime, tom, ACTOR);
      clock += RESTORABLE_FOR - 1000;
      await restoreUser(runtime, tom, ACTOR, "a mistake");
      expect(await runtime.store.deletedUsers.find(tom)).toEqual([]);
      expect(await last(tom)).toMatchObject({ action: "user.restored", detail: { reason: "a mistake" } });
      expect(await arrive(runtime, "tom")).toMatchObject({ code: "suspended" });
      await reactivateUser(runtime, tom, ACTOR);
      expect(await enter("tom")).toBe(tom);
      expect(await rolesOf(tom)).toEqual(["auditor", "member"]);

      await deleteUser(runtime, tom, ACTOR);
      clock += RESTORABLE_FOR;
      await expect(restoreUser(runtime, tom, ACTOR)).rejects.toMatchObject({ code: "user_not_found" });
      expect(await purgeDeletedUsers(runtime, "system", true)).toBe(1);
      const purged = await Promise.all([1, 2, 3].map(() => purgeDeletedUsers(runtime, "system")));
      expect(purged.reduce((sum, count) => sum + count)).toBe(1);
      expect(await runtime.store.deletedUsers.find(tom)).toEqual([]);
      expect((await eventsAbout(tom)).filter((action) => action === "user.purged")).toHaveLength(1);
    });

    test("two who restore at once: one of them does", async () => {
      const eve = await enter("eve");
      await deleteUser(runtime, eve, ACTOR);
      const restored = await Promise.allSettled([1, 2].map(() => restoreUser(runtime, eve, ACTOR)));
      expect(restored.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(await enter("eve")).toBe(eve);
    });

    test("at the moment they sign in: a new account or none, never a session without a user", async () => {
      for (let round = 0; round < 10; round++) {
        const old = await enter("max");
        const [, ...arrivals] = await Promise.all([
          deleteUser(runtime, old, ACTOR),
          arrive(runtime, "max"),
          arrive(runtime, "max"),
        ]);
        expect(arrivals.map(({ kind }) => kind)).toEqual(["admitted", "admitted"]);
        expect(await runtime.store.sessions.ofUser(old)).toEqual([]);
        expect(await enter("max")).not.toBe(old);
        expect(await runtime.store.users.find("max@demo.example")).toHaveLength(1);
      }
    });
  });

  describe("expected", () => {
    const promise = (who: string, role: string, reason?: string) =>
      grantBeforeSignIn(runtime, who, role, ACTOR, reason);

    test("a role waits for the first sign-in, once, and is told both times", async () => {
      const { grant, created } = await promise("rehearsal:New.Hire@demo.example", "admin", "starts Monday");
      expect(created).toBe(true);
      expect((await promise("rehearsal:new.hire@DEMO.example", "admin")).created).toBe(false);
      expect(await last(grant.id)).toMatchObject({
        action: "pending_grant.created",
        actor: ACTOR,
        detail: {
          role: "admin",
          provider: "rehearsal",
          who: "new.hire@demo.example",
          reason: "starts Monday",
        },
      });
      const hire = await enter("new.hire");
      expect(await rolesOf(hire)).toEqual(["admin", "member"]);
      const granted = await runtime.store.audit.list({ target: hire, action: "role.granted", limit: 9 });
      expect(granted.map(({ detail }) => detail)).toContainEqual({
        role: "admin",
        source: "direct",
        pendingGrant: grant.id,
        grantedBy: ACTOR,
        reason: "starts Monday",
      });
      await revokeRole(runtime, hire, "admin", ACTOR);
      await enter("new.hire");
      expect(await rolesOf(hire)).toEqual(["member"]);
      expect(await runtime.store.pendingGrants.list()).toEqual([]);
    });

    test("it opens the door where no rule does", async () => {
      const stranger = { email: "pat@elsewhere.example" };
      expect(await arrive(runtime, "pat", stranger)).toMatchObject({ code: "not_allowed" });
      await promise("rehearsal:subject-of-pat", "owner");
      const pat = await enter("pat", stranger);
      expect(await rolesOf(pat)).toEqual(["owner"]);
      await revokeRole(runtime, pat, "owner", ACTOR);
    });

    test.each([
      ["an e-mail that nobody has verified", { emailVerified: false }],
      ["an e-mail of which the provider does not tell", { emailVerified: null }],
      ["another provider", { provider: "github" }],
      ["a handle", { email: "other@demo.example", handle: "vip@demo.example" }],
      ["a subject that looks like the address", { email: null, subject: "vip@demo.example" }],
      ["a look-alike", { email: "vip@dеmo.example" }],
    ])("it is not given to %s", async (_, over) => {
      const { grant } = await promise("rehearsal:vip@demo.example", "owner");
      const subject = { subject: `not-vip-${_}`, ...over };
      const admission = await arrive(runtime, "vip", subject);
      if (admission.kind === "admitted") expect(await rolesOf(admission.userId)).toEqual(["member"]);
      expect(await runtime.store.pendingGrants.list()).toEqual([grant]);
      await revokePendingGrant(runtime, grant, ACTOR);
    });

    test("it can be taken back, once", async () => {
      const { grant } = await promise("zoe@demo.example", "admin");
      expect(await revokePendingGrant(runtime, grant, ACTOR, "changed my mind")).toBe(true);
      expect(await revokePendingGrant(runtime, grant, ACTOR)).toBe(false);
      expect(await eventsAbout(grant.id)).toEqual(["pending_grant.revoked", "pending_grant.created"]);
      expect(await rolesOf(await enter("zoe"))).toEqual(["member"]);
    });

    test.each(["zoe", "nowhere:zoe@demo.example", "rehearsal:", "a b@demo.example", ""])(
      "nobody could be recognised by %j",
      async (who) => {
        await expect(promise(who, "admin")).rejects.toMatchObject({ code: "user_not_found" });
      },
    );
  });
});
