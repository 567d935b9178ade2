import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { endSomeExpiredGrants } from "../access/end-expired-grants.ts";
import { authenticateRequest } from "../http/guards.ts";
import { grantRole, revokeRole } from "./grant-role.ts";

let office: TestRuntime;
beforeEach(async () => {
  office = await openTestRuntime({ roles: { support: ["orders.read"] } });
});
afterEach(() => office.close());

const rolesOf = async (cookie: string) =>
  (await authenticateRequest(office.runtime, { headers: { cookie } }))?.user.roles;

const endExpired = () => {
  const { store, now } = office.runtime;
  return store.transaction((tx) => endSomeExpiredGrants(tx, now(), 100));
};

const told = async (userId: string) => {
  const events = await office.runtime.store.audit.list({ target: userId, limit: 10 });
  return events.map(({ action, actor, detail }) => ({ action, actor, ...detail }));
};

test("a role that is given counts at the next request and is told once", async () => {
  const { userId, cookie } = await office.signIn("member");
  expect(await rolesOf(cookie)).toEqual(["member"]);
  expect(await grantRole(office.runtime, userId, "support", "cli:ada", "on call")).toBe(true);
  expect(await rolesOf(cookie)).toEqual(["member", "support"]);

  expect(await grantRole(office.runtime, userId, "support", "cli:ada")).toBe(false);
  expect(await told(userId)).toEqual([
    { action: "role.granted", actor: "cli:ada", role: "support", source: "direct", reason: "on call" },
  ]);
});

test("given by hand, a role that a rule gives as well is held for both reasons", async () => {
  const { userId } = await office.signIn("member");
  const { store } = office.runtime;
  await store.transaction((tx) =>
    tx.grants.insert({ userId, role: "support", source: "rule", createdAt: office.runtime.now() }),
  );
  expect(await grantRole(office.runtime, userId, "support", "cli:ada")).toBe(true);

  const revoked = await revokeRole(office.runtime, userId, "support", "cli:ada", "moved on");
  expect(revoked).toEqual({ revoked: true, stillDerived: true });
  expect((await store.grants.ofUser(userId)).map(({ role }) => role)).toEqual(["member"]);
  const sources = (await told(userId)).filter(({ action }) => action === "role.revoked");
  expect(sources.map((event) => "source" in event && event.source).sort()).toEqual(["direct", "rule"]);
});

test("a role that is taken away is gone at the next request; one that was not held changes nothing", async () => {
  const { userId, cookie } = await office.signIn("member", "support");
  expect(await rolesOf(cookie)).toEqual(["member", "support"]);
  expect(await revokeRole(office.runtime, userId, "support", "cli:ada")).toEqual({
    revoked: true,
    stillDerived: false,
  });
  expect(await rolesOf(cookie)).toEqual(["member"]);

  expect(await revokeRole(office.runtime, userId, "support", "cli:ada")).toEqual({
    revoked: false,
    stillDerived: false,
  });
  expect(await told(userId)).toHaveLength(1);
});

test("the last owner stays one, and with a second the first may go", async () => {
  const { userId } = await office.signIn("owner");
  const revoke = () => revokeRole(office.runtime, userId, "owner", userId);
  await expect(revoke()).rejects.toMatchObject({ code: "last_owner" });
  expect(await told(userId)).toEqual([]);
  await office.signIn("owner");
  expect(await revoke()).toMatchObject({ revoked: true });
});

test("nobody gets a role that does not exist, and nobody who does not exist gets one", async () => {
  const { userId } = await office.signIn("member");
  await expect(grantRole(office.runtime, userId, "suport", "cli:ada")).rejects.toMatchObject({
    code: "unknown_role",
    message: 'There is no role "suport". Did you mean "support"?',
  });
  await expect(grantRole(office.runtime, "usr_nobody", "support", "cli:ada")).rejects.toMatchObject({
    code: "user_not_found",
  });
  await expect(revokeRole(office.runtime, "usr_nobody", "support", "cli:ada")).rejects.toMatchObject({
    code: "user_not_found",
  });
  expect(await told(userId)).toEqual([]);
});

describe("a role with an end", () => {
  const HOUR = 3_600_000;
  const end = () => office.runtime.now() + HOUR;

  test("counts until that moment and not a millisecond longer, also where the session is cached", async () => {
    const { userId, cookie } = await office.signIn("member");
    await grantRole(office.runtime, userId, "support", "cli:ada", "covers for Bo", end());
    const permissions = async () =>
      (await authenticateRequest(office.runtime, { headers: { cookie } }))?.user.permissions;
    expect(await permissions()).toEqual(["orders.read"]);
    office.passTime(HOUR - 1);
    expect(await permissions()).toEqual(["orders.read"]);
    office.passTime(1);
    expect(await permissions()).toEqual([]);
    expect(await rolesOf(cookie)).toEqual(["member"]);
    expect(await office.runtime.store.grants.ofUser(userId)).toMatchObject([{ role: "member" }]);
  });

  test("is told with reason and end; another end replaces both, and the same one changes nothing", async () => {
    const { userId } = await office.signIn("member");
    const [first, second] = [end(), end() + HOUR];
    const give = (until?: number, reason?: string) => {
      // Events of one moment have no order.
      office.passTime(1);
      return grantRole(office.runtime, userId, "support", "cli:ada", reason, until);
    };
    const held = async () =>
      (await office.runtime.store.grants.ofUser(userId)).find(({ role }) => role === "support");
    expect(await give(first, "covers for Bo")).toBe(true);
    expect(await held()).toMatchObject({ reason: "covers for Bo", expiresAt: first });
    expect(await give(first, "again")).toBe(false);
    expect(await give(second, "Bo is still ill")).toBe(true);
    expect(await held()).toMatchObject({ reason: "Bo is still ill", expiresAt: second });
    expect(await give()).toBe(true);
    expect(await held()).toMatchObject({ reason: null, expiresAt: null });
    expect((await told(userId)).toReversed()).toMatchObject([
      { action: "role.granted", expiresAt: first, reason: "covers for Bo" },
      { action: "grant.changed", before: { expiresAt: first }, after: { expiresAt: second } },
      { action: "grant.changed", before: { expiresAt: second }, after: { expiresAt: null } },
    ]);
  });

  test("is carried out with one event, however many look at once", async () => {
    const { userId } = await office.signIn("member");
    await grantRole(office.runtime, userId, "support", "cli:ada", "covers for Bo", end());
    expect(await endExpired()).toBe(0);
    office.passTime(HOUR);
    const counts = await Promise.all([1, 2, 3].map(endExpired));
    expect(counts.toSorted()).toEqual([0, 0, 1]);
    expect((await told(userId)).filter(({ action }) => action === "role.expired")).toMatchObject([
      { actor: "system", role: "support", source: "direct", reason: "covers for Bo" },
    ]);
  });

  test("that is over can be given anew, and both are told", async () => {
    const { userId } = await office.signIn("member");
    await grantRole(office.runtime, userId, "support", "cli:ada", undefined, end());
    office.passTime(HOUR);
    expect(await grantRole(office.runtime, userId, "support", "cli:ada")).toBe(true);
    const actions = (await told(userId)).map(({ action }) => action);
    expect(actions.toSorted()).toEqual(["role.expired", "role.granted", "role.granted"]);
  });

  test("must have it in the future", async () => {
    const { userId } = await office.signIn("member");
    for (const until of [office.runtime.now(), 0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e20]) {
      const refused = grantRole(office.runtime, userId, "support", "cli:ada", undefined, until);
      await expect(refused).rejects.toThrow(RangeError);
    }
    expect(await told(userId)).toEqual([]);
  });

  test("makes nobody the last owner: not the only one, nor one beside whom only such are left", async () => {
    const ada = await office.signIn("owner");
    const bo = await office.signIn("member");
    const own = (userId: string, until?: number) =>
      grantRole(office.runtime, userId, "owner", "cli:ada", undefined, until);
    await expect(own(ada.userId, end())).rejects.toMatchObject({ code: "last_owner" });
    expect(await own(bo.userId, end())).toBe(true);
    expect(await rolesOf(bo.cookie)).toEqual(["member", "owner"]);
    const revoke = revokeRole(office.runtime, ada.userId, "owner", bo.userId);
    await expect(revoke).rejects.toMatchObject({ code: "last_owner" });
    expect(await own(bo.userId)).toBe(true);
    expect(await own(ada.userId, end())).toBe(true);
    office.passTime(HOUR);
    expect(await rolesOf(ada.cookie)).toEqual([]);
    expect(await rolesOf(bo.cookie)).toEqual(["member", "owner"]);
  });
});

describe("who may give and take", () => {
  test("administrators every role but owner, owners all, others none", async () => {
    const [owner, admin, member, bo] = [
      await office.signIn("owner"),
      await office.signIn("admin"),
      await office.signIn("member"),
      await office.signIn("member"),
    ];
    const give = (by: { userId: string }, role: string) =>
      grantRole(office.runtime, bo.userId, role, by.userId);
    const take = (by: { userId: string }, role: string) =>
      revokeRole(office.runtime, bo.userId, role, by.userId);
    const denied = { code: "permission_denied" };
    for (const by of [member, bo]) await expect(give(by, "support")).rejects.toMatchObject(denied);
    await expect(give(admin, "owner")).rejects.toMatchObject(denied);
    expect(await give(admin, "admin")).toBe(true);
    expect(await give(owner, "owner")).toBe(true);
    await expect(take(admin, "owner")).rejects.toMatchObject(denied);
    await expect(take(member, "admin")).rejects.toMatchObject(denied);
    expect(await take(owner, "owner")).toMatchObject({ revoked: true });
  });

  test("nobody who was shut out or demoted at the same moment", async () => {
    const [first, second] = [await office.signIn("admin"), await office.signIn("admin")];
    const demote = (by: string, whom: string) => revokeRole(office.runtime, whom, "admin", by);
    const settled = await Promise.allSettled([
      demote(first.userId, second.userId),
      demote(second.userId, first.userId),
    ]);
    expect(settled.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
