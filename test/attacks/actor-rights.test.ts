import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createApiKey } from "../../src/api-keys/create-api-key.ts";
import { revokeApiKey } from "../../src/api-keys/revoke-api-key.ts";
import { housekeepingVerbs } from "../../src/housekeeping/housekeeping-verbs.ts";
import { revokeInvitation } from "../../src/invitations/change-invitation.ts";
import { createInvitation } from "../../src/invitations/create-invitation.ts";
import type { RoleName } from "../../src/model/role.ts";
import { createOutbound } from "../../src/oauth/outbound.ts";
import { createOwnerLink } from "../../src/owner-link/create-owner-link.ts";
import { endSession, endSessionsOfUser } from "../../src/sessions/end-session.ts";
import { exportPeople } from "../../src/transfer/export-people.ts";
import type { ImportResult } from "../../src/transfer/import-context.ts";
import { importPeople } from "../../src/transfer/import-people.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { grantBeforeSignIn, revokePendingGrant } from "../../src/users/pending-grant.ts";
import { purgeDeletedUsers } from "../../src/users/purge-deleted-users.ts";
import { restoreUser } from "../../src/users/restore-user.ts";
import { reactivateUser, suspendUser } from "../../src/users/suspend-user.ts";
import { unlinkIdentity } from "../../src/users/unlink-identity.ts";
import { webhookVerbs } from "../../src/webhooks/webhook-verbs.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";
import { ENGINES } from "./stage.ts";

const SERVER = "cli:root@host";
const DENIED = { code: "permission_denied" };

/** What can be done to somebody, and what makes it possible first. */
const VERBS: Readonly<
  Record<
    string,
    {
      readonly prepare?: (runtime: VerbRuntime, id: string) => Promise<unknown>;
      readonly act: (runtime: VerbRuntime, id: string, actor: string) => Promise<unknown>;
    }
  >
> = {
  suspend: { act: suspendUser },
  reactivate: { prepare: (runtime, id) => suspendUser(runtime, id, SERVER), act: reactivateUser },
  delete: { act: deleteUser },
  restore: { prepare: (runtime, id) => deleteUser(runtime, id, SERVER), act: restoreUser },
  "end all sessions": {
    act: (runtime, id, actor) => endSessionsOfUser(runtime, id, by(actor)),
  },
  "end one session": {
    act: async (runtime, id, actor) => {
      const [session] = await runtime.store.sessions.ofUser(id);
      return endSession(runtime, { id: session?.id ?? "", userId: id }, by(actor));
    },
  },
  unlink: {
    act: async (runtime, id, actor) => {
      const [identity] = await runtime.store.identities.ofUser(id);
      return unlinkIdentity(runtime, id, identity?.id ?? "", { actor, address: null });
    },
  },
};

function by(actor: string) {
  return { actor, reason: "signed_out_by_administrator", address: null } as const;
}

describe.each(ENGINES)("what somebody may do to others (%s)", (engine) => {
  const folder = scratchFolder();
  let runtime: VerbRuntime;
  let clock = 1_900_000_000_000;
  let arrivals = 0;
  /** An owner who is in nobody's way. */
  let keeper: string;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("rights.db");
    runtime = await openVerbRuntime({
      database,
      now: () => ++clock,
      options: {
        roles: { support: ["orders.read"] },
        access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
      },
    });
    keeper = await somebody("owner");
  });
  afterAll(async () => {
    await runtime.store.close();
    folder.remove();
  });

  /** Somebody new with a session, two accounts, and these roles given by hand. */
  async function somebody(...roles: readonly RoleName[]): Promise<string> {
    const admission = await arrive(runtime, `person-${++arrivals}`);
    if (admission.kind !== "admitted") throw new Error(admission.code);
    const { userId } = admission;
    const [identity] = await runtime.store.identities.ofUser(userId);
    if (identity === undefined) throw new Error("nobody came");
    await runtime.store.transaction((tx) =>
      tx.identities.insert({ ...identity, id: `idn_2_${arrivals}`, subject: `second-${arrivals}` }),
    );
    for (const role of roles) await grantRole(runtime, userId, role, SERVER);
    return userId;
  }

  const footprint = async (id: string) => ({
    user: await runtime.store.users.get(id),
    deleted: (await runtime.store.deletedUsers.find(id)).length,
    sessions: (await runtime.store.sessions.ofUser(id)).length,
    identities: (await runtime.store.identities.ofUser(id)).length,
    events: (await runtime.store.audit.list({ limit: 1 }))[0]?.id,
  });

  describe.each(Object.entries(VERBS))("%s", (_, { prepare = async () => {}, act }) => {
    test.each([
      ["a member", "member", ["member"]],
      ["an auditor", "member", ["auditor"]],
      ["whoever holds a role of the application", "member", ["support"]],
      ["an administrator, of an owner", "owner", ["admin"]],
    ] as const)("not %s", async (_who, target, roles) => {
      const [actor, victim] = [await somebody(...roles), await somebody(target)];
      await prepare(runtime, victim);
      const before = await footprint(victim);
      await expect(act(runtime, victim, actor)).rejects.toMatchObject(DENIED);
      expect(await footprint(victim)).toEqual(before);
    });

    test("not somebody whose rights are over: suspended, deleted, at their end, or never there", async () => {
      const [suspended, deleted, ended] = [
        await somebody("admin"),
        await somebody("admin"),
        await somebody(),
      ];
      await suspendUser(runtime, suspended, SERVER);
      await deleteUser(runtime, deleted, SERVER);
      await grantRole(runtime, ended, "admin", SERVER, "on call", clock + 1_000);
      clock += 2_000;
      const victim = await somebody("member");
      await prepare(runtime, victim);
      const before = await footprint(victim);
      for (const actor of [suspended, deleted, ended, "usr_none", "usr_"])
        await expect(act(runtime, victim, actor), actor).rejects.toMatchObject(DENIED);
      expect(await footprint(victim)).toEqual(before);
    });

    test("an administrator of others, an owner of an owner, and whoever is no user", async () => {
      for (const [actor, target] of [
        [await somebody("admin"), "member"],
        [await somebody("admin"), "admin"],
        [await somebody("owner"), "owner"],
        ["job:nightly", "owner"],
      ] as const) {
        const victim = await somebody(target);
        await prepare(runtime, victim);
        await act(runtime, victim, actor);
        expect((await runtime.store.audit.list({ limit: 1 }))[0]?.actor).toBe(actor);
      }
    });
  });

  describe("to themselves", () => {
    test("everybody ends their own sessions and removes one of their accounts", async () => {
      for (const name of ["end one session", "end all sessions", "unlink"]) {
        const self = await somebody("member");
        await VERBS[name]?.act(runtime, self, self);
        expect(await runtime.store.sessions.ofUser(self), name).toHaveLength(0);
      }
    });

    test("nobody whose person is shut out removes an account any more", async () => {
      const self = await somebody("admin");
      await suspendUser(runtime, self, SERVER);
      await expect(VERBS.unlink?.act(runtime, self, self)).rejects.toMatchObject(DENIED);
    });

    test("nobody but administrators suspends or deletes, and nobody brings themselves back", async () => {
      const member = await somebody("member");
      for (const verb of [suspendUser, deleteUser])
        await expect(verb(runtime, member, member)).rejects.toMatchObject(DENIED);
      const admin = await somebody("admin");
      await suspendUser(runtime, admin, admin);
      await expect(reactivateUser(runtime, admin, admin)).rejects.toMatchObject(DENIED);
      const other = await somebody("admin");
      await deleteUser(runtime, other, other);
      await expect(restoreUser(runtime, other, other)).rejects.toMatchObject(DENIED);
    });

    test("the last owner neither suspends nor deletes themselves", async () => {
      const owners = (await runtime.store.users.list({ role: "owner", limit: 200 })).map(({ id }) => id);
      for (const id of owners) if (id !== keeper) await revokeRole(runtime, id, "owner", SERVER);
      for (const verb of [suspendUser, deleteUser])
        await expect(verb(runtime, keeper, keeper)).rejects.toMatchObject({ code: "last_owner" });
    });
  });

  test("an administrator who names the wrong person ends no session of an owner", async () => {
    const [admin, owner, decoy] = [await somebody("admin"), await somebody("owner"), await somebody()];
    const [session] = await runtime.store.sessions.ofUser(owner);
    const forged = { id: session?.id ?? "", userId: decoy };
    expect(await endSession(runtime, forged, by(admin))).toBe(false);
    expect(await runtime.store.sessions.ofUser(owner)).toHaveLength(1);
  });

  describe("promised roles", () => {
    const promise = (role: string, actor: string) =>
      grantBeforeSignIn(runtime, `rehearsal:late-${++arrivals}@demo.example`, role, actor);

    test("are made and taken back by administrators, those of owners by owners", async () => {
      const [member, admin] = [await somebody("member"), await somebody("admin")];
      await expect(promise("support", member)).rejects.toMatchObject(DENIED);
      await expect(promise("owner", admin)).rejects.toMatchObject(DENIED);
      const [support, owner] = [await promise("support", admin), await promise("owner", keeper)];
      const take = (grant: typeof owner.grant, actor: string) => revokePendingGrant(runtime, grant, actor);
      await expect(take(support.grant, member)).rejects.toMatchObject(DENIED);
      await expect(take(owner.grant, admin)).rejects.toMatchObject(DENIED);
      // What is handed in may say anything: what is kept counts.
      await expect(take({ ...owner.grant, role: "support" }, admin)).rejects.toMatchObject(DENIED);
      expect(await take({ ...owner.grant, who: "other@demo.example" }, admin)).toBe(false);
      expect(await take(support.grant, admin)).toBe(true);
      expect(await take(owner.grant, keeper)).toBe(true);
    });
  });

  test("everybody's names are for administrators and auditors, and forgetting for administrators", async () => {
    const take = async (actor: string) => {
      for await (const _ of exportPeople(runtime, {}, actor)) return true;
      return false;
    };
    const [member, auditor, admin] = [
      await somebody("support"),
      await somebody("auditor"),
      await somebody("admin"),
    ];
    await expect(take(member)).rejects.toMatchObject(DENIED);
    for (const actor of [auditor, admin, keeper, SERVER]) expect(await take(actor)).toBe(true);

    clock += 31 * 86_400_000;
    for (const actor of [member, auditor])
      await expect(purgeDeletedUsers(runtime, actor)).rejects.toMatchObject(DENIED);
    expect(await purgeDeletedUsers(runtime, admin)).toBeGreaterThan(0);
  });

  test("an API key of an owner is revoked by its person, by owners and on the server, and by no administrator", async () => {
    const [member, admin, other] = [
      await somebody("member"),
      await somebody("admin"),
      await somebody("owner"),
    ];
    const keyOf = async (...roles: readonly RoleName[]) => {
      const userId = await somebody(...roles);
      const wish = { userId, name: "a machine", permissions: ["orders.read"] };
      return { userId, id: (await createApiKey(runtime, wish, SERVER)).apiKey.id };
    };
    for (const [actors, ...roles] of [
      [[member, admin], "owner"],
      [[member], "support"],
    ] as const) {
      const { id } = await keyOf(...roles);
      for (const actor of actors)
        await expect(revokeApiKey(runtime, id, actor)).rejects.toMatchObject(DENIED);
      expect(await runtime.store.apiKeys.get(id)).toMatchObject({ revokedAt: null });
    }
    for (const [actor, ...roles] of [
      [admin, "support"],
      [other, "owner"],
      [SERVER, "owner"],
      ["self", "owner"],
      ["self", "support"],
    ] as const) {
      const { id, userId } = await keyOf(...roles);
      expect(await revokeApiKey(runtime, id, actor === "self" ? userId : actor)).toBe(true);
    }
    const { id, userId } = await keyOf("support");
    await suspendUser(runtime, userId, SERVER);
    await expect(revokeApiKey(runtime, id, userId)).rejects.toMatchObject(DENIED);
  });

  test("an invitation is taken back by whoever could have made it", async () => {
    const [member, admin] = [await somebody("member"), await somebody("admin")];
    const invite = async (role: RoleName) =>
      (await createInvitation(runtime, { roles: [role] }, keeper)).invitation.id;
    const [owner, support] = [await invite("owner"), await invite("support")];
    await expect(revokeInvitation(runtime, support, member)).rejects.toMatchObject(DENIED);
    await expect(revokeInvitation(runtime, "inv_none", member)).rejects.toMatchObject(DENIED);
    await expect(revokeInvitation(runtime, owner, admin)).rejects.toMatchObject(DENIED);
    expect(await runtime.store.invitations.get(owner)).toMatchObject({ revokedAt: null });
    expect(await revokeInvitation(runtime, support, admin)).toBe(true);
    expect(await revokeInvitation(runtime, owner, keeper)).toBe(true);
  });

  test("testing webhooks and keeping house are for administrators", async () => {
    const outbound = createOutbound({ allowedHosts: new Set(), now: () => clock, log: runtime.log });
    const webhooks = webhookVerbs(runtime, outbound);
    const house = housekeepingVerbs(runtime);
    await deleteUser(runtime, await somebody("member"), SERVER);
    clock += 31 * 86_400_000;
    for (const actor of [await somebody("member"), await somebody("auditor", "support"), "usr_none"]) {
      await expect(webhooks.test(actor)).rejects.toMatchObject(DENIED);
      await expect(house.run(actor)).rejects.toMatchObject(DENIED);
    }
    expect((await house.foresee()).deletedUsers).toBeGreaterThan(0);
    const admin = await somebody("admin");
    for (const actor of [admin, SERVER]) expect(await webhooks.test(actor)).toEqual([]);
    expect((await house.run(admin))?.deletedUsers).toBeGreaterThan(0);
    expect(await house.run(SERVER)).toMatchObject({ deletedUsers: 0 });
    await outbound.close();
  });

  test("what an owner is called is changed by no import of an administrator", async () => {
    const [admin, owner, member] = [
      await somebody("admin"),
      await somebody("owner"),
      await somebody("member"),
    ];
    const rename = async (id: string, actor: string, name: string) => {
      const user = await runtime.store.users.get(id);
      if (user === null) throw new Error("nobody is there");
      const told = { identities: [], roles: [], derivedRoles: [] };
      const record = { kind: "user", ...user, ...told, name, email: `${name}@demo.example` } as const;
      const rows = (async function* () {
        yield { line: 1, record };
      })();
      let result: ImportResult | undefined;
      for await (const one of importPeople(runtime, rows, { onConflict: "update" }, actor)) result = one;
      return { ...result, name: (await runtime.store.users.get(id))?.name };
    };
    const before = (await runtime.store.users.get(owner))?.name;
    expect(await rename(owner, admin, "eve")).toMatchObject({
      action: "failed",
      problem: { code: "owner_protected" },
      name: before,
    });
    await suspendUser(runtime, owner, SERVER);
    expect(await rename(owner, admin, "eve")).toMatchObject({ action: "failed", name: before });
    expect(await rename(member, admin, "bo")).toMatchObject({ action: "updated", name: "bo" });
    expect(await rename(owner, keeper, "cy")).toMatchObject({ action: "updated", name: "cy" });
    expect(await rename(owner, SERVER, "di")).toMatchObject({ action: "updated", name: "di" });
  });

  test("no administrator makes themselves a way in as owner", async () => {
    const admin = await somebody("admin");
    for (const wish of [{ userId: keeper }, { userId: null, breakGlass: true }, { userId: null }])
      await expect(createOwnerLink(runtime, wish, admin)).rejects.toMatchObject(DENIED);
    await createOwnerLink(runtime, { userId: keeper }, keeper);
  });
});
