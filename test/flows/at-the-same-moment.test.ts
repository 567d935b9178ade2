import { afterEach, beforeEach, expect, test } from "vitest";
import { sha256 } from "../../src/crypto/hash.ts";
import { createInvitation } from "../../src/invitations/create-invitation.ts";
import { createRole, removeRole } from "../../src/roles/change-roles.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole } from "../../src/users/grant-role.ts";
import { mergeUsers } from "../../src/users/merge-users.ts";
import { unlinkIdentity } from "../../src/users/unlink-identity.ts";
import { holdRow } from "../support/held-row.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase, type RawDatabase } from "../support/raw-database.ts";
import {
  arrive,
  openVerbRuntime,
  reconfigured,
  userInfoOf,
  type VerbRuntime,
} from "../support/verb-runtime.ts";

// On SQLite whoever writes is alone: there is no such moment.
let house: VerbRuntime;
let database: string;
let raw: RawDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  raw = await openRawDatabase(database);
  house = await openVerbRuntime({
    database,
    now: Date.now,
    options: {
      owners: ["rehearsal:ada@demo.example"],
      access: [{ when: { emailDomain: "demo.example" }, then: "allow" }],
    },
  });
});
afterEach(async () => {
  await raw.close();
  await house.store.close();
});

async function come(name: string, provider = "rehearsal", under = house): Promise<string> {
  const admission = await arrive(under, name, { provider });
  if (admission.kind !== "admitted") throw new Error(admission.code);
  return admission.userId;
}

const sessionsWithoutAccount = () =>
  raw.rows(
    "select s.id from postern_sessions s left join postern_identities i " +
      "on i.id = s.identity_id and i.user_id = s.user_id where i.id is null",
  );

test("a sign-in by an account that is taken away opens no session by it", async () => {
  const bo = await come("bo");
  const there = { provider: "github", issuer: userInfoOf("bo").issuer, subject: "subject-of-bo" };
  const identity = { ...there, handle: "bo", email: null, emailVerified: null, createdAt: 1, lastUsedAt: 1 };
  await house.store.transaction((tx) => tx.identities.insert({ ...identity, id: "idn_two", userId: bo }));
  const held = await holdRow(database, "postern_users", bo);
  const unlinked = unlinkIdentity(house, bo, "idn_two", { actor: "cli:test", address: null });
  await held.waiting(1);
  const arrived = come("bo", "github");
  await held.waiting(2);
  await held.release();
  await unlinked;
  // Whoever comes by it now is somebody else.
  expect(await arrived).not.toBe(bo);
  expect(await sessionsWithoutAccount()).toEqual([]);
  expect(await house.store.sessions.ofUser(bo)).toHaveLength(1);
});

test("a sign-in while its person is deleted is one of somebody new", async () => {
  const bo = await come("bo");
  const held = await holdRow(database, "postern_users", bo);
  const deleted = deleteUser(house, bo, "cli:test");
  await held.waiting(1);
  const arrived = come("bo");
  await held.waiting(2);
  await held.release();
  await deleted;
  expect(await arrived).not.toBe(bo);
  expect(await sessionsWithoutAccount()).toEqual([]);
});

test("a sign-in by an account that moves in a merge is one of whoever has it then", async () => {
  const [from, into] = [await come("bo", "github"), await come("bo")];
  const held = await holdRow(database, "postern_users", from);
  const merged = mergeUsers(house, from, into, "cli:test");
  await held.waiting(1);
  const arrived = come("bo", "github");
  await held.waiting(2);
  await held.release();
  await merged;
  expect(await arrived).toBe(into);
  expect(await sessionsWithoutAccount()).toEqual([]);
});

test("a merge while a sign-in is under way ends the session that comes of it", async () => {
  const [from, into] = [await come("bo", "github"), await come("bo")];
  const held = await holdRow(database, "postern_users", from);
  const arrived = come("bo", "github");
  await held.waiting(1);
  const merged = mergeUsers(house, from, into, "cli:test");
  await held.waiting(2);
  await held.release();
  expect(await arrived).toBe(from);
  expect((await merged).sessions).toBe(2);
  expect(await sessionsWithoutAccount()).toEqual([]);
  expect(await come("bo", "github")).toBe(into);
});

test("a role that is removed during a merge is not handed on", async () => {
  const [from, into] = [await come("bo", "github"), await come("bo")];
  await createRole(house, { name: "support", permissions: [] }, { actor: "cli:test" });
  await grantRole(house, from, "support", "cli:test");
  const [session] = await house.store.sessions.ofUser(from);
  const held = await holdRow(database, "postern_sessions", session?.id ?? "");
  const merged = mergeUsers(house, from, into, "cli:test");
  await held.waiting(1);
  const removed = removeRole(house, "support", { actor: "cli:test" });
  await Promise.race([removed, held.waiting(2)]);
  await held.release();
  await merged;
  expect((await removed).holders).toBe(1);
  expect(await house.store.grants.countHolders("support")).toBe(0);
});

test("a merge of whoever invited, and an owner who comes by that invitation, do not wait for each other", async () => {
  const ada = await come("ada");
  const [from, into] = [await come("bo", "github"), await come("bo")];
  for (const id of [from, into]) await grantRole(house, id, "admin", "cli:test");
  const { link } = await createInvitation(house, { roles: ["auditor"] }, from);
  const token = link.pathname.split("/").at(-1) ?? "";
  const [session] = await house.store.sessions.ofUser(from);
  const held = await holdRow(database, "postern_sessions", session?.id ?? "");
  const merged = mergeUsers(house, from, into, "cli:test");
  await held.waiting(1);
  // Whom the configuration has dropped: whether another owner is left has to be counted.
  const arrived = arrive(reconfigured(house, { owners: [] }), "ada", { invitation: sha256(token) });
  await held.waiting(2);
  await held.release();
  await merged;
  expect(await arrived).toMatchObject({ kind: "admitted", userId: ada });
  const roles = (await house.store.grants.ofUser(ada)).map(({ role }) => role);
  expect(roles).toEqual(["auditor", "member", "owner"]);
});
