import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { authenticateRequest } from "../http/guards.ts";
import { grantRole, revokeRole } from "./grant-role.ts";

let office: TestRuntime;
beforeEach(async () => {
  office = await openTestRuntime({ roles: { support: ["orders.read"] } });
});
afterEach(() => office.close());

const rolesOf = async (cookie: string) =>
  (await authenticateRequest(office.runtime, { headers: { cookie } }))?.user.roles;

const told = async (userId: string) => {
  const events = await office.runtime.store.audit.list({ target: userId, limit: 10 });
  return events.map(({ action, actor, detail }) => ({ action, actor, ...detail }));
};

test("a role that is given counts at the next request and is told once", async () => {
  const { userId, cookie } = await office.signIn("member");
  expect(await rolesOf(cookie)).toEqual(["member"]);
  expect(await grantRole(office.runtime, userId, "support", "usr_ada", "on call")).toBe(true);
  expect(await rolesOf(cookie)).toEqual(["member", "support"]);

  expect(await grantRole(office.runtime, userId, "support", "usr_ada")).toBe(false);
  expect(await told(userId)).toEqual([
    { action: "role.granted", actor: "usr_ada", role: "support", source: "direct", reason: "on call" },
  ]);
});

test("given by hand, a role that a rule gives as well is held for both reasons", async () => {
  const { userId } = await office.signIn("member");
  const { store } = office.runtime;
  await store.transaction((tx) =>
    tx.grants.insert({ userId, role: "support", source: "rule", createdAt: office.runtime.now() }),
  );
  expect(await grantRole(office.runtime, userId, "support", "usr_ada")).toBe(true);

  const revoked = await revokeRole(office.runtime, userId, "support", "usr_ada", "moved on");
  expect(revoked).toEqual({ revoked: true, stillDerived: true });
  expect((await store.grants.ofUser(userId)).map(({ role }) => role)).toEqual(["member"]);
  const sources = (await told(userId)).filter(({ action }) => action === "role.revoked");
  expect(sources.map((event) => "source" in event && event.source).sort()).toEqual(["direct", "rule"]);
});

test("a role that is taken away is gone at the next request; one that was not held changes nothing", async () => {
  const { userId, cookie } = await office.signIn("member", "support");
  expect(await rolesOf(cookie)).toEqual(["member", "support"]);
  expect(await revokeRole(office.runtime, userId, "support", "usr_ada")).toEqual({
    revoked: true,
    stillDerived: false,
  });
  expect(await rolesOf(cookie)).toEqual(["member"]);

  expect(await revokeRole(office.runtime, userId, "support", "usr_ada")).toEqual({
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
  await expect(grantRole(office.runtime, userId, "suport", "usr_ada")).rejects.toMatchObject({
    code: "unknown_role",
    message: 'There is no role "suport". Did you mean "support"?',
  });
  await expect(grantRole(office.runtime, "usr_nobody", "support", "usr_ada")).rejects.toMatchObject({
    code: "user_not_found",
  });
  await expect(revokeRole(office.runtime, "usr_nobody", "support", "usr_ada")).rejects.toMatchObject({
    code: "user_not_found",
  });
  expect(await told(userId)).toEqual([]);
});
