import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createLivePolicy } from "../../src/access/live-policy.ts";
import { sha256 } from "../../src/crypto/hash.ts";
import {
  changeInvitationRoles,
  resendInvitation,
  revokeInvitation,
} from "../../src/invitations/change-invitation.ts";
import {
  checkInvitation,
  createInvitation,
  type InvitationWish,
  type IssuedInvitation,
} from "../../src/invitations/create-invitation.ts";
import { INVITATION_LIFETIME, invitationState, LONGEST_INVITATION } from "../../src/model/invitation.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { reactivateUser, suspendUser } from "../../src/users/suspend-user.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";

const CLI = "cli:root@host";
/** Nobody of this domain is let in by a rule. */
const OUTSIDE = "elsewhere.example";

describe.each(["sqlite", "postgres"])("invitations on %s", (engine) => {
  const folder = scratchFolder();
  let runtime: VerbRuntime;
  let clock = 1_800_000_000_000;
  let ada: string;
  let grace: string;
  let count = 0;
  /** Somebody who has never been here. */
  let guest: string;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("invited.db");
    runtime = await openVerbRuntime({
      database,
      now: () => ++clock,
      options: {
        owners: ["rehearsal:ada@demo.example"],
        roles: { support: ["orders.read"], lead: ["orders.refund"] },
        access: [
          { when: { email: `banned@${OUTSIDE}` }, then: "deny" },
          { when: { emailDomain: "demo.example" }, then: "allow" },
        ],
      },
    });
    ada = await enter("ada");
    grace = await enter("grace");
    await grantRole(runtime, grace, "admin", CLI);
  });
  afterAll(async () => {
    await runtime.store.close();
    folder.remove();
  });
  beforeEach(() => {
    guest = `guest-${++count}`;
  });

  type Arrival = Parameters<typeof arrive> extends [unknown, ...infer Rest] ? Rest : never;
  async function enter(...arrival: Arrival): Promise<string> {
    const admission = await arrive(runtime, ...arrival);
    if (admission.kind !== "admitted") throw new Error(`refused: ${admission.code}`);
    return admission.userId;
  }
  const invite = (wish: Partial<InvitationWish> = {}, actor = CLI, reason?: string) =>
    createInvitation(runtime, { roles: ["support"], ...wish }, actor, reason);
  const hashIn = ({ link }: IssuedInvitation) => sha256(link.pathname.split("/").at(-1) ?? "");
  const bring = (issued: IssuedInvitation, name = guest, over: Arrival[1] = {}) =>
    arrive(runtime, name, { email: `${name}@${OUTSIDE}`, invitation: hashIn(issued), ...over });
  const rolesOf = async (id: string) => (await runtime.store.grants.ofUser(id)).map(({ role }) => role);
  const stateOf = async ({ invitation: { id } }: IssuedInvitation) => {
    const found = await runtime.store.invitations.get(id);
    return found === null ? null : invitationState(found, clock);
  };
  const eventsOf = ({ invitation: { id } }: IssuedInvitation) =>
    runtime.store.audit.list({ target: id, limit: 9 });
  const lastEvent = async () => (await runtime.store.audit.list({ limit: 1 }))[0];

  test("a stranger comes in by it, as what it says, and it is told who invited them", async () => {
    expect(await arrive(runtime, guest, { email: `${guest}@${OUTSIDE}` })).toMatchObject({
      code: "not_allowed",
    });
    const issued = await invite({ roles: ["support", "lead"] }, grace, "joins on Monday");
    expect(issued.link.href).toMatch(/^http:\/\/localhost:4180\/auth\/invite\/[\w-]{43}$/);
    expect(issued.invitation).toMatchObject({
      createdBy: grace,
      recipient: null,
      roles: ["lead", "support"],
    });

    const admission = await bring(issued);
    expect(admission).toMatchObject({ kind: "admitted" });
    const id = admission.kind === "admitted" ? admission.userId : "";
    expect(await runtime.store.grants.ofUser(id)).toMatchObject([
      { role: "lead", source: "direct" },
      { role: "support", source: "direct" },
    ]);
    expect(await runtime.store.invitations.get(issued.invitation.id)).toMatchObject({ acceptedBy: id });
    expect(await eventsOf(issued)).toMatchObject([
      { action: "invitation.accepted", actor: id, detail: { invitedBy: grace, reason: "joins on Monday" } },
      { action: "invitation.created", actor: grace, detail: { roles: ["lead", "support"] } },
    ]);
    // They are at home here now, without any link.
    expect(await enter(guest, { email: `${guest}@${OUTSIDE}` })).toBe(id);
  });

  test("neither the token nor its hash stands in the audit log", async () => {
    const issued = await invite({ recipient: { email: `${guest}@${OUTSIDE}` } });
    const again = await resendInvitation(runtime, issued.invitation.id, CLI);
    await bring(issued);
    await bring(again);
    const log = JSON.stringify(await runtime.store.audit.list({ limit: 1000 }));
    for (const one of [issued, again]) {
      expect(log).not.toContain(one.link.pathname.split("/").at(-1));
      expect(log).not.toContain(hashIn(one));
    }
  });

  describe("is for", () => {
    test.each<[string, NonNullable<InvitationWish["recipient"]>, Arrival[1]]>([
      ["an e-mail", { email: "Pat@Elsewhere.example" }, { email: "pat@elsewhere.example" }],
      ["an e-mail at one provider", { email: "rehearsal:pat@p.example" }, { email: "pat@p.example" }],
      ["a handle", { handle: "github:octocat" }, { provider: "github", handle: "octocat" }],
      ["an id", { id: "github:583231" }, { provider: "github", subject: "583231" }],
    ])("%s", async (_, recipient, over) => {
      const issued = await invite({ recipient });
      expect(await bring(issued, guest, { subject: `subject-${count}-${engine}`, ...over })).toMatchObject({
        kind: "admitted",
      });
      expect(await stateOf(issued)).toBe("accepted");
    });

    const email = { email: "rehearsal:vip@p.example" };
    const handle = { handle: "github:octocat" };
    const id = { id: "github:583231" };
    test.each<[string, NonNullable<InvitationWish["recipient"]>, Arrival[1], string, string]>([
      ["another address", email, { email: "eve@p.example" }, "invite_not_for_you", "other_email"],
      ["no address", email, { email: null }, "invite_not_for_you", "other_email"],
      ["a look-alike", email, { email: "vip@р.example" }, "invite_not_for_you", "other_email"],
      [
        "the address, not confirmed",
        email,
        { email: "vip@p.example", emailVerified: false },
        "email_unverified",
        "email_unverified",
      ],
      [
        "the address, nobody tells",
        email,
        { email: "vip@p.example", emailVerified: null },
        "email_unverified",
        "email_unverified",
      ],
      [
        "the address elsewhere",
        email,
        { provider: "github", email: "vip@p.example" },
        "invite_not_for_you",
        "other_provider",
      ],
      [
        "a name like the address",
        email,
        { email: null, handle: "vip@p.example" },
        "invite_not_for_you",
        "other_email",
      ],
      [
        "another handle",
        handle,
        { provider: "github", handle: "octopus" },
        "invite_not_for_you",
        "other_handle",
      ],
      ["the handle elsewhere", handle, { handle: "octocat" }, "invite_not_for_you", "other_provider"],
      ["no handle", handle, { provider: "github", handle: null }, "invite_not_for_you", "other_handle"],
      ["another id", id, { provider: "github", subject: "5832310" }, "invite_not_for_you", "other_id"],
      [
        "a handle like the id",
        id,
        { provider: "github", handle: "583231" },
        "invite_not_for_you",
        "other_id",
      ],
    ])("nobody else: %s", async (_, recipient, over, code, cause) => {
      const issued = await invite({ recipient });
      const refused = await bring(issued, guest, over);
      expect(refused).toMatchObject({ kind: "refused", code });
      expect(await lastEvent()).toMatchObject({
        action: "login.failed",
        reason: code,
        reference: refused.kind === "refused" ? refused.reference : null,
        detail: { cause, invitation: issued.invitation.id },
      });
      // Whoever it is for can still use it.
      expect(await stateOf(issued)).toBe("pending");
    });

    test.each<[string, NonNullable<InvitationWish["recipient"]>]>([
      ["a handle without a provider", { handle: "octocat" }],
      ["an id without a provider", { id: "583231" }],
      ["an unknown provider", { handle: "nowhere:octocat" }],
      ["nothing", { id: "github:" }],
      ["no address", { email: "ada" }],
      ["two addresses", { email: "a@b@c.example" }],
    ])("somebody who can be recognised: not %s", async (_, recipient) => {
      await expect(invite({ recipient })).rejects.toMatchObject({ code: "user_not_found" });
    });
  });

  describe("works once", () => {
    test("somebody else finds it used, whoever they are", async () => {
      const issued = await invite();
      await bring(issued);
      expect(await bring(issued, `other-${guest}`)).toMatchObject({ code: "invite_used" });
      expect(await bring(issued, "grace", { email: "grace@demo.example" })).toMatchObject({
        code: "invite_used",
      });
    });

    test("whoever used it signs in as ever, and gets nothing from it again", async () => {
      const issued = await invite();
      const first = await bring(issued);
      const id = first.kind === "admitted" ? first.userId : "";
      await grantRole(runtime, id, "member", CLI);
      await revokeRole(runtime, id, "support", CLI);
      expect(await bring(issued)).toMatchObject({ kind: "admitted", userId: id });
      expect(await rolesOf(id)).toEqual(["member"]);
    });

    test("of twenty who come at once one gets in, and the others leave nothing behind", async () => {
      const issued = await invite({ roles: ["lead"] });
      const names = Array.from({ length: 20 }, (_, n) => `${guest}-${n}`);
      const admissions = await Promise.all(names.map((name) => bring(issued, name)));
      const admitted = admissions.filter(({ kind }) => kind === "admitted");
      expect(admitted).toHaveLength(1);
      expect(admissions.filter((one) => one.kind === "refused" && one.code === "invite_used")).toHaveLength(
        19,
      );
      expect(await runtime.store.users.count({ text: `${guest}-` })).toBe(1);
      const accepted = (await eventsOf(issued)).filter(({ action }) => action === "invitation.accepted");
      expect(accepted).toHaveLength(1);
    });

    test("revoked at the moment it is used: one of the two, never both", async () => {
      for (let round = 0; round < 10; round++) {
        const issued = await invite();
        const [admission, revoked] = await Promise.all([
          bring(issued, `${guest}-${round}`),
          revokeInvitation(runtime, issued.invitation.id, CLI).catch((error) => error.code),
        ]);
        const got = admission.kind === "admitted" ? "admitted" : admission.code;
        expect([
          ["admitted", "invite_used"],
          ["invite_revoked", true],
        ]).toContainEqual([got, revoked]);
      }
    });
  });

  describe("ends", () => {
    test("after 72 hours, or when it was said", async () => {
      const issued = await invite();
      expect(issued.invitation.expiresAt - issued.invitation.createdAt).toBe(INVITATION_LIFETIME);
      const short = await invite({ lifetime: 60_000 });
      clock = short.invitation.expiresAt;
      expect(await bring(short)).toMatchObject({ code: "invite_expired" });
      expect([await stateOf(short), await stateOf(issued)]).toEqual(["expired", "pending"]);
      clock = issued.invitation.expiresAt - 10_000;
      expect(await bring(issued)).toMatchObject({ kind: "admitted" });
    });

    test.each([0, 59_999, LONGEST_INVITATION + 1, Number.NaN, Number.POSITIVE_INFINITY, 60_000.5])(
      "not after %d milliseconds",
      async (lifetime) => {
        await expect(invite({ lifetime })).rejects.toThrow(RangeError);
      },
    );

    test("when it is revoked, which happens once", async () => {
      const issued = await invite();
      expect(await revokeInvitation(runtime, issued.invitation.id, grace, "a mistake")).toBe(true);
      expect(await revokeInvitation(runtime, issued.invitation.id, grace)).toBe(false);
      expect(await bring(issued)).toMatchObject({ code: "invite_revoked" });
      expect(await stateOf(issued)).toBe("revoked");
      expect((await eventsOf(issued)).map(({ action }) => action)).toEqual([
        "invitation.revoked",
        "invitation.created",
      ]);
    });

    test("for the old link when it is sent again; an expired one comes back to life", async () => {
      const issued = await invite();
      clock = issued.invitation.expiresAt;
      const again = await resendInvitation(runtime, issued.invitation.id, CLI, { lifetime: 120_000 });
      expect(again.invitation.id).toBe(issued.invitation.id);
      expect(again.link.href).not.toBe(issued.link.href);
      expect(await bring(issued)).toMatchObject({ code: "invite_unknown" });
      expect(await bring(again)).toMatchObject({ kind: "admitted" });
    });

    test("for good: what is over is neither sent again, nor changed, nor revoked", async () => {
      const used = await invite();
      await bring(used);
      const revoked = await invite();
      await revokeInvitation(runtime, revoked.invitation.id, CLI);
      for (const [id, code] of [
        [used.invitation.id, "invite_used"],
        [revoked.invitation.id, "invite_revoked"],
        ["inv_none", "invite_unknown"],
      ] as const) {
        await expect(resendInvitation(runtime, id, CLI)).rejects.toMatchObject({ code });
        await expect(changeInvitationRoles(runtime, id, ["lead"], CLI)).rejects.toMatchObject({ code });
      }
      await expect(revokeInvitation(runtime, used.invitation.id, CLI)).rejects.toMatchObject({
        code: "invite_used",
      });
    });
  });

  describe("gives what is true when it is accepted", () => {
    test("edited roles count", async () => {
      const issued = await invite({ roles: ["admin"] });
      await changeInvitationRoles(runtime, issued.invitation.id, ["support"], grace, "less will do");
      const admission = await bring(issued);
      expect(await rolesOf(admission.kind === "admitted" ? admission.userId : "")).toEqual(["support"]);
      expect((await eventsOf(issued))[1]).toMatchObject({
        action: "invitation.changed",
        detail: { before: { roles: ["admin"] }, after: { roles: ["support"] }, reason: "less will do" },
      });
    });

    test("a role that is gone is not given; when all are gone, nobody comes in", async () => {
      const [some, none] = [await invite({ roles: ["lead", "support"] }), await invite({ roles: ["lead"] })];
      const fewer = {
        ...runtime,
        policy: createLivePolicy(
          { ...runtime.settings, roles: { support: [] }, permissions: [] },
          runtime.store,
        ),
      };
      const bringTo = (issued: IssuedInvitation, name: string) =>
        arrive(fewer, name, { email: `${name}@${OUTSIDE}`, invitation: hashIn(issued) });
      expect(await bringTo(none, guest)).toMatchObject({ code: "invite_revoked", reason: "roles_gone" });
      const admission = await bringTo(some, guest);
      expect(await rolesOf(admission.kind === "admitted" ? admission.userId : "")).toEqual(["support"]);
    });

    const ways: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
      suspended: (id) => suspendUser(runtime, id, CLI),
      deleted: (id) => deleteUser(runtime, id, CLI),
      demoted: (id) => revokeRole(runtime, id, "admin", CLI),
    };
    test.each(Object.entries(ways))("an inviter who was %s meanwhile gives nothing", async (_, end) => {
      const inviter = await enter(`inviter-${count}`);
      await grantRole(runtime, inviter, "admin", CLI);
      const issued = await invite({}, inviter);
      await end(inviter);
      expect(await bring(issued)).toMatchObject({
        code: "invite_revoked",
        reason: "inviter_may_no_longer",
      });
      expect(await runtime.store.users.count({ text: `${guest}@` })).toBe(0);
      // Somebody who may stands for it now.
      expect(await bring(await resendInvitation(runtime, issued.invitation.id, grace))).toMatchObject({
        kind: "admitted",
      });
    });

    test("an inviter who was suspended and came back may again", async () => {
      const issued = await invite({}, grace);
      await suspendUser(runtime, grace, CLI);
      expect(await bring(issued)).toMatchObject({ code: "invite_revoked" });
      await reactivateUser(runtime, grace, CLI);
      expect(await bring(issued)).toMatchObject({ kind: "admitted" });
    });

    test("a rule that says no, and a suspension, stand above it", async () => {
      const issued = await invite();
      expect(await bring(issued, "banned")).toMatchObject({ code: "not_allowed" });
      const member = await enter(guest);
      await suspendUser(runtime, member, CLI);
      expect(await bring(issued, guest)).toMatchObject({ code: "suspended" });
      expect(await stateOf(issued)).toBe("pending");
    });

    test("somebody who is here already gets the role besides", async () => {
      const member = await enter(guest);
      const issued = await invite();
      await enter(guest, { invitation: hashIn(issued) });
      expect(await rolesOf(member)).toEqual(["member", "support"]);
    });
  });

  describe("is made by those who may", () => {
    test("only owners invite owners, or touch an invitation of one", async () => {
      await expect(invite({ roles: ["owner"] }, grace)).rejects.toMatchObject({ code: "permission_denied" });
      const issued = await invite({ roles: ["owner"] }, ada);
      const { id } = issued.invitation;
      await expect(resendInvitation(runtime, id, grace)).rejects.toMatchObject({ code: "permission_denied" });
      for (const roles of [["owner"], ["support"]]) {
        await expect(changeInvitationRoles(runtime, id, roles, grace)).rejects.toMatchObject({
          code: "permission_denied",
        });
      }
      const admission = await bring(issued);
      const owner = admission.kind === "admitted" ? admission.userId : "";
      expect(await rolesOf(owner)).toEqual(["owner"]);
      await revokeRole(runtime, owner, "owner", CLI);
    });

    test("members and strangers invite nobody, and nothing is left of it", async () => {
      const member = await enter(guest);
      const before = await runtime.store.invitations.list({ limit: 200 });
      for (const actor of [member, "usr_none"]) {
        await expect(invite({}, actor)).rejects.toMatchObject({ code: "permission_denied" });
        await expect(checkInvitation(runtime, { roles: ["support"] }, actor)).rejects.toMatchObject({
          code: "permission_denied",
        });
        await expect(revokeInvitation(runtime, before[0]?.id ?? "", actor)).rejects.toMatchObject({
          code: "permission_denied",
        });
      }
      expect(await runtime.store.invitations.list({ limit: 200 })).toEqual(before);
    });

    test("with roles that exist, one at least", async () => {
      await expect(invite({ roles: ["suport"] })).rejects.toMatchObject({ code: "unknown_role" });
      await expect(invite({ roles: [] })).rejects.toThrow(RangeError);
    });

    test("a check makes nothing", async () => {
      const before = await runtime.store.audit.list({ limit: 1000 });
      expect(await checkInvitation(runtime, { roles: ["support"] }, grace)).toMatchObject({
        createdBy: grace,
      });
      expect(await runtime.store.audit.list({ limit: 1000 })).toEqual(before);
    });
  });
});
