import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { sha256 } from "../../src/crypto/hash.ts";
import { createInvitation } from "../../src/invitations/create-invitation.ts";
import { redeemInvitation } from "../../src/invitations/redeem-invitation.ts";
import { claimOwnership } from "../../src/owner-link/claim-ownership.ts";
import { createOwnerLink } from "../../src/owner-link/create-owner-link.ts";
import { applyApproval } from "../../src/requests/approval.ts";
import { approveRequest } from "../../src/requests/decide-request.ts";
import { importPeople } from "../../src/transfer/import-people.ts";
import { grantRole, revokeRole } from "../../src/users/grant-role.ts";
import { applyPendingGrants, grantBeforeSignIn } from "../../src/users/pending-grant.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";

const CLI = "cli:root@host";
const DAY = 86_400_000;

/** Every way to be given a role along with something else: for good, unless an end is told. */
const WAYS: Readonly<
  Record<
    string,
    { readonly role: string; give(runtime: VerbRuntime, userId: string, role: string): Promise<void> }
  >
> = {
  "an invitation": {
    role: "support",
    async give(runtime, userId, role) {
      const { invitation } = await createInvitation(runtime, { roles: [role] }, CLI);
      const open = { kind: "open", invitation, roles: [role] } as const;
      await runtime.store.transaction((tx) => redeemInvitation(tx, runtime.now(), open, userId, null));
    },
  },
  "an approved request": {
    role: "support",
    async give(runtime, userId, role) {
      const now = runtime.now();
      const id = `arq_${now}`;
      await runtime.store.transaction((tx) =>
        tx.accessRequests.insert({
          ...{
            id,
            provider: "rehearsal",
            issuer: "http://localhost:4181",
            subject: id,
            userId,
            handle: null,
          },
          ...{ name: null, email: null, emailVerified: null, note: null, status: "pending", createdAt: now },
          ...{
            decidedAt: null,
            decidedBy: null,
            role: null,
            reason: null,
            askAgainAt: null,
            enteredAt: null,
          },
        }),
      );
      const approved = await approveRequest(runtime, id, role, CLI);
      await runtime.store.transaction((tx) => applyApproval(tx, now, userId, { ...approved, role }));
    },
  },
  "an owner link": {
    role: "owner",
    async give(runtime, userId) {
      const { url } = await createOwnerLink(runtime, { userId: null, breakGlass: true }, CLI);
      const secretHash = sha256(url.pathname.split("/").at(-1) ?? "");
      await runtime.store.transaction(async (tx) => {
        const link = await tx.ownerLinks.findBySecretHash(secretHash);
        if (link === null) throw new Error("no link");
        await claimOwnership(runtime, tx, runtime.now(), link, userId, null);
      });
    },
  },
  "a role that waited": { role: "support", give: (...given) => promised(...given) },
  "an import": {
    role: "support",
    async give(runtime, userId, role) {
      await imported(runtime, userId, role);
    },
  },
};

async function promised(runtime: VerbRuntime, userId: string, role: string, until?: number): Promise<void> {
  const who = `rehearsal:late-${runtime.now()}@demo.example`;
  const { grant } = await grantBeforeSignIn(runtime, who, role, CLI, undefined, until);
  await runtime.store.transaction((tx) => applyPendingGrants(tx, runtime.now(), userId, [grant]));
}

async function imported(runtime: VerbRuntime, userId: string, role: string): Promise<void> {
  const rows = async function* () {
    const roles = [{ role, createdAt: null }];
    const empty = { name: null, email: null, picture: null, createdAt: null, lastSignInAt: null };
    const record = {
      kind: "user",
      id: userId,
      status: "active",
      identities: [],
      roles,
      derivedRoles: [],
    } as const;
    yield { line: 1, record: { ...empty, ...record } };
  };
  for await (const { problem } of importPeople(runtime, rows(), { onConflict: "update" }, CLI))
    expect(problem).toBeNull();
}

describe.each(["sqlite", "postgres"])("what is given along with something else, on %s", (engine) => {
  const folder = scratchFolder();
  let runtime: VerbRuntime;
  let clock = 1_900_000_000_000;
  let arrivals = 0;
  let userId: string;

  beforeAll(async () => {
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("gifts.db");
    runtime = await openVerbRuntime({
      database,
      now: () => ++clock,
      options: {
        roles: { support: ["orders.read"] },
        access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
      },
    });
    const keeper = await somebody();
    await grantRole(runtime, keeper, "owner", CLI);
  });
  beforeEach(async () => {
    userId = await somebody();
  });
  afterAll(async () => {
    await runtime.store.close();
    folder.remove();
  });

  async function somebody(): Promise<string> {
    const admission = await arrive(runtime, `person-${++arrivals}`);
    if (admission.kind !== "admitted") throw new Error(admission.code);
    return admission.userId;
  }

  const held = async (role: string) =>
    (await runtime.store.grants.ofUser(userId)).filter((grant) => grant.role === role);
  const told = async () =>
    (await runtime.store.audit.list({ target: userId, limit: 2 })).map(({ action }) => action);

  describe.each(Object.entries(WAYS))("%s", (_, { role, give }) => {
    test("makes a role lasting that was held until some day, and says so", async () => {
      const until = clock + DAY;
      await grantRole(runtime, userId, role, CLI, "covers for Bo", until);
      await give(runtime, userId, role);
      expect(await held(role)).toMatchObject([{ source: "direct", expiresAt: null, reason: null }]);
      const [event] = await runtime.store.audit.list({ target: userId, limit: 1 });
      expect(event).toMatchObject({
        action: "grant.changed",
        detail: { role, before: { expiresAt: until }, after: { expiresAt: null } },
      });
    });

    test("gives a role that has come to its end, though nobody has carried that out yet", async () => {
      await grantRole(runtime, userId, role, CLI, "covers for Bo", clock + 1_000);
      clock += 2_000;
      await give(runtime, userId, role);
      expect(await held(role)).toMatchObject([{ source: "direct", expiresAt: null }]);
      // At one and the same moment.
      expect((await told()).sort()).toEqual(["role.expired", "role.granted"]);
    });

    test("changes nothing about one that is held for good", async () => {
      await grantRole(runtime, userId, role, CLI, "lead of the team");
      const before = await held(role);
      await give(runtime, userId, role);
      expect(await held(role)).toStrictEqual(before);
      expect((await told())[0]).toBe("role.granted");
    });
  });

  test("an end never shortens: of two the later one counts", async () => {
    const [sooner, later] = [clock + DAY, clock + 2 * DAY];
    await grantRole(runtime, userId, "support", CLI, "for good");
    await promised(runtime, userId, "support", sooner);
    expect(await held("support")).toMatchObject([{ expiresAt: null, reason: "for good" }]);
    await revokeRole(runtime, userId, "support", CLI);

    await promised(runtime, userId, "support", later);
    await promised(runtime, userId, "support", sooner);
    expect(await held("support")).toMatchObject([{ expiresAt: later }]);
    await promised(runtime, userId, "support", later + DAY);
    expect(await held("support")).toMatchObject([{ expiresAt: later + DAY }]);
  });

  test("somebody who says so may shorten it", async () => {
    await grantRole(runtime, userId, "support", CLI);
    const until = clock + DAY;
    expect(await grantRole(runtime, userId, "support", CLI, "until the audit", until)).toBe(true);
    expect(await held("support")).toMatchObject([{ expiresAt: until, reason: "until the audit" }]);
  });

  test("a promise gets the end that is told last, with one event for each change", async () => {
    const who = `rehearsal:soon-${clock}@demo.example`;
    const promise = async (reason: string, until?: number) => {
      const { grant, created, changed } = await grantBeforeSignIn(
        runtime,
        who,
        "support",
        CLI,
        reason,
        until,
      );
      return { id: grant.id, until: grant.expiresAt, reason: grant.reason, created, changed };
    };
    const until = clock + DAY;
    const { id, ...first } = await promise("starts", until);
    expect(first).toEqual({ until, reason: "starts", created: true, changed: true });
    expect(await promise("again", until)).toEqual({ ...first, id, created: false, changed: false });
    expect(await promise("stays")).toEqual({
      id,
      until: null,
      reason: "stays",
      created: false,
      changed: true,
    });
    const events = await runtime.store.audit.list({ target: id, limit: 10 });
    expect(events.map(({ action, detail }) => [action, detail.before, detail.after])).toEqual([
      ["pending_grant.changed", { expiresAt: until }, { expiresAt: null }],
      ["pending_grant.created", undefined, undefined],
    ]);
  });

  test("a promise can be made anew whose end has come", async () => {
    const who = `rehearsal:nobody-${clock}@demo.example`;
    await grantBeforeSignIn(runtime, who, "support", CLI, undefined, clock + 1_000);
    clock += 2_000;
    const rows = async function* () {
      const roles = [{ role: "support", createdAt: null }];
      yield { line: 1, record: { kind: "waiting", who, roles, reason: null } as const };
    };
    for await (const { action } of importPeople(runtime, rows(), {}, CLI)) expect(action).toBe("waiting");
    const waiting = (await runtime.store.pendingGrants.list()).filter((one) => who.endsWith(one.who));
    expect(waiting).toMatchObject([{ role: "support", expiresAt: null }]);
  });
});
