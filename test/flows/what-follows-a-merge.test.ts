import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApiKey } from "../../src/api-keys/create-api-key.ts";
import { sha256 } from "../../src/crypto/hash.ts";
import { createInvitation, type IssuedInvitation } from "../../src/invitations/create-invitation.ts";
import { askForAccess } from "../../src/requests/ask-for-access.ts";
import { approveRequest, declineRequest } from "../../src/requests/decide-request.ts";
import { keepProof } from "../../src/requests/request-proof.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole } from "../../src/users/grant-role.ts";
import { mergeUsers, previewMerge } from "../../src/users/merge-users.ts";
import { keepTokens } from "../../src/vault/keep-tokens.ts";
import { openTokens } from "../../src/vault/token-seal.ts";
import { HOME } from "../../src/web/return-to.ts";
import { ENGINES } from "../attacks/stage.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, userInfoOf, type VerbRuntime } from "../support/verb-runtime.ts";

const CLI = "cli:root@host";
const HOUR = 3_600_000;

describe.each(ENGINES)("what follows a merge (%s)", (engine) => {
  const folder = scratchFolder();
  let house: VerbRuntime;
  let clock = 1_800_000_000_000;
  let count = 0;
  let name: string;
  /** The same person, by two providers. */
  let from: string;
  let into: string;

  beforeAll(async () => {
    house = await openVerbRuntime({
      database: engine === "postgres" ? await freshDatabase() : folder.database("merge.db"),
      now: () => ++clock,
      options: {
        owners: ["rehearsal:ada@demo.example"],
        roles: { support: ["orders.read"] },
        requests: "open",
        access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
      },
    });
    await come("ada", "rehearsal");
  });
  afterAll(async () => {
    await house.store.close();
    folder.remove();
  });
  beforeEach(async () => {
    name = `person-${count++}`;
    from = await come(name, "github");
    into = await come(name, "rehearsal");
  });

  async function come(who: string, provider: string, invitation: string | null = null): Promise<string> {
    const admission = await arrive(house, who, { provider, invitation });
    if (admission.kind !== "admitted") throw new Error(admission.code);
    return admission.userId;
  }

  const merge = () => mergeUsers(house, from, into, CLI);
  const grantsOf = async (userId: string) =>
    (await house.store.grants.ofUser(userId)).map(({ role, source, expiresAt }) => ({
      role,
      source,
      expiresAt,
    }));
  const hashOf = ({ link }: IssuedInvitation) => sha256(link.pathname.split("/").at(-1) ?? "");

  /** Whoever arrives from elsewhere, to be a way in of `userId` or of nobody yet, asks to be let in. */
  async function ask(userId: string | null): Promise<string> {
    const userInfo = userInfoOf(name, { subject: `elsewhere-of-${name}` });
    const kept = keepProof(house, { provider: "github", userInfo, userId, returnTo: HOME });
    if (kept === null) throw new Error("too long");
    await askForAccess(house, kept.proof, "please", { address: null });
    const request = await house.store.accessRequests.find({ ...userInfo, provider: "github" });
    return request?.id ?? "";
  }

  test("a request, be it open, declined or approved, is then one of the account that has grown", async () => {
    for (const decide of [
      async () => {},
      (id: string) => declineRequest(house, id, "not now", CLI),
      (id: string) => approveRequest(house, id, "support", CLI),
    ]) {
      const id = await ask(from);
      await decide(id);
      await merge();
      expect((await house.store.accessRequests.get(id))?.userId).toBe(into);
      await deleteUser(house, into, CLI);
      name = `person-${count++}`;
      from = await come(name, "github");
      into = await come(name, "rehearsal");
    }
  });

  test("a role that was approved for the one that is gone is handed out at the next sign-in, once", async () => {
    const { issuer } = userInfoOf(name);
    const subject = `elsewhere-of-${name}`;
    const id = await ask(from);
    await approveRequest(house, id, "support", CLI);
    await house.store.transaction((tx) =>
      tx.identities.insert({
        ...{ id: `idn_${name}`, userId: from, provider: "github", issuer, subject, handle: null },
        ...{ email: null, emailVerified: null, createdAt: 1, lastUsedAt: 1 },
      }),
    );
    await merge();
    const again = () => arrive(house, name, { provider: "github", subject });
    expect(await again()).toMatchObject({ kind: "admitted", userId: into, approved: true });
    expect(await grantsOf(into)).toContainEqual({ role: "support", source: "direct", expiresAt: null });
    expect(await again()).toMatchObject({ kind: "admitted", userId: into, approved: false });
  });

  test("an open invitation goes on in the name of the account that has grown, and as far as that may", async () => {
    for (const id of [from, into]) await grantRole(house, id, "admin", CLI);
    const wish = { roles: ["support"] };
    const [one, two] = [await createInvitation(house, wish, from), await createInvitation(house, wish, from)];
    await come(`guest-of-${name}`, "github", hashOf(one));
    await merge();
    const get = (issued: IssuedInvitation) => house.store.invitations.get(issued.invitation.id);
    expect(await get(two)).toMatchObject({ createdBy: into, acceptedAt: null });
    // What was done, was done by whoever it was.
    expect(await get(one)).toMatchObject({ createdBy: from, acceptedAt: expect.any(Number) });
    const guest = await come(`other-guest-of-${name}`, "github", hashOf(two));
    expect(await grantsOf(guest)).toContainEqual({ role: "support", source: "direct", expiresAt: null });
  });

  test("tokens of accounts that move are dropped, those of the others open as before", async () => {
    const tokens = { refreshToken: null, idToken: null, expiresAt: null, scope: null };
    for (const [userId, provider] of [
      [from, "github"],
      [into, "rehearsal"],
    ] as const) {
      const [identity] = await house.store.identities.ofUser(userId);
      const owner = { userId, provider, identityId: identity?.id ?? "" };
      await house.store.transaction((tx) =>
        keepTokens(house, tx, owner, { ...tokens, accessToken: `of ${provider}` }),
      );
    }
    expect(await previewMerge(house, from, into, CLI)).toMatchObject({ tokens: 1 });
    expect(await merge()).toMatchObject({ tokens: 1 });
    const kept = await house.store.tokens.ofUser(into);
    expect(kept.map((one) => openTokens(house, one)?.accessToken)).toEqual(["of rehearsal"]);
  });

  test("API keys of the one that is gone open nothing any more, those of the other one do", async () => {
    for (const id of [from, into]) await grantRole(house, id, "support", CLI);
    const wish = { name: "nightly", permissions: ["orders.read"] };
    const [gone, stays] = [
      await createApiKey(house, { ...wish, userId: from }, CLI),
      await createApiKey(house, { ...wish, userId: into }, CLI),
    ];
    expect(await merge()).toMatchObject({ apiKeys: [{ id: gone.apiKey.id, name: "nightly" }] });
    const { apiKeys, audit } = house.store;
    expect(await apiKeys.findBySecretHash(sha256(gone.secret))).toBeNull();
    expect((await apiKeys.findBySecretHash(sha256(stays.secret)))?.user.id).toBe(into);
    const [told] = await audit.list({ target: from, action: "user.merged", limit: 1 });
    expect(told?.detail.apiKeys).toEqual([{ id: gone.apiKey.id, name: "nightly" }]);
  });

  test("a role that is over on either side counts for nothing, and hides none that is not", async () => {
    const soon = clock + HOUR;
    await grantRole(house, from, "support", CLI, undefined, soon);
    await grantRole(house, into, "support", CLI, undefined, soon + HOUR);
    await grantRole(house, from, "auditor", CLI);
    await grantRole(house, into, "auditor", CLI, undefined, soon);
    await grantRole(house, from, "admin", CLI, undefined, soon);
    clock = soon;
    const foreseen = await previewMerge(house, from, into, CLI);
    expect(await merge()).toEqual(foreseen);
    expect(await grantsOf(into)).toEqual([
      { role: "auditor", source: "direct", expiresAt: null },
      { role: "member", source: "rule", expiresAt: null },
      { role: "support", source: "direct", expiresAt: soon + HOUR },
    ]);
    const expired = async (id: string) =>
      (await house.store.audit.list({ target: id, action: "role.expired", limit: 10 })).map(
        ({ detail }) => detail.role,
      );
    expect(await expired(from)).toEqual(expect.arrayContaining(["support", "admin"]));
    expect(await expired(into)).toEqual(["auditor"]);
  });

  test("done twice at once it is done once, and told once", async () => {
    const settled = await Promise.allSettled([merge(), merge(), merge()]);
    const failed = settled.filter(({ status }) => status === "rejected");
    expect(failed).toMatchObject([
      { reason: { code: "user_not_found" } },
      { reason: { code: "user_not_found" } },
    ]);
    expect(await house.store.audit.list({ target: from, action: "user.merged", limit: 10 })).toHaveLength(1);
    expect(await house.store.identities.ofUser(into)).toHaveLength(2);
  });

  test("two merges that share an account: nobody and nothing is lost", async () => {
    const third = await come(`third-${name}`, "github");
    await grantRole(house, from, "support", CLI);
    const settled = await Promise.allSettled([
      mergeUsers(house, from, into, CLI),
      mergeUsers(house, into, third, CLI),
    ]);
    for (const one of settled) if (one.status === "rejected") expect(one.reason.code).toBe("user_not_found");
    const left = (await Promise.all([from, into, third].map((id) => house.store.users.get(id)))).filter(
      (user) => user !== null,
    );
    const accounts = await Promise.all(left.map(({ id }) => house.store.identities.ofUser(id)));
    expect(accounts.flat()).toHaveLength(3);
    const held = await Promise.all(left.map(({ id }) => grantsOf(id)));
    expect(held.flat().filter(({ role }) => role === "support")).toHaveLength(1);
  });

  test("both are signed in, in several browsers: those of one go on, those of the other end, each told once", async () => {
    await come(name, "github");
    await come(name, "rehearsal");
    const ended = (await house.store.sessions.ofUser(from)).map(({ id }) => id);
    const stay = (await house.store.sessions.ofUser(into)).map(({ id }) => id);
    expect([ended.length, stay.length]).toEqual([2, 2]);
    expect(await merge()).toMatchObject({ sessions: 2 });
    expect((await house.store.sessions.ofUser(into)).map(({ id }) => id)).toEqual(stay);
    for (const id of ended) {
      expect(await house.store.sessions.get(id)).toBeNull();
      expect(await house.store.audit.list({ target: id, action: "session.ended", limit: 10 })).toMatchObject([
        { reason: "merged" },
      ]);
    }
  });

  test("sign-ins by both accounts meanwhile: whoever is left has every session, and each its account", async () => {
    for (let round = 0; round < 5; round++) {
      const results = await Promise.all([
        come(name, "github"),
        merge(),
        come(name, "rehearsal"),
        come(name, "github"),
      ]);
      expect([from, into]).toContain(results[0]);
      expect(await house.store.users.get(from)).toBeNull();
      expect(await house.store.sessions.ofUser(from)).toEqual([]);
      const accounts = (await house.store.identities.ofUser(into)).map(({ id }) => id);
      for (const session of await house.store.sessions.ofUser(into))
        expect(accounts).toContain(session.identityId);
      expect(await come(name, "github")).toBe(into);
      name = `person-${count++}`;
      from = await come(name, "github");
      into = await come(name, "rehearsal");
    }
  });
});
