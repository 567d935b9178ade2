import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";
import { oidc } from "../../src/providers/oidc.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/index.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase, type RawDatabase } from "../support/raw-database.ts";

let rehearsal: Rehearsal;
let office: BackOffice;
let raw: RawDatabase;
beforeAll(async () => {
  rehearsal = await startRehearsal();
  const database = await freshDatabase(inject("postgresUrl"));
  office = await startBackOffice({
    rehearsalUrl: rehearsal.url,
    database,
    options: {
      providers: [
        oidc({
          id: "rehearsal",
          name: "Rehearsal",
          issuer: rehearsal.issuer,
          clientId: "back-office",
          clientSecret: "rehearsal-secret",
          scopes: ["profile", "email", "offline_access"],
          keepTokens: true,
        }),
      ],
      owners: ["rehearsal:ada@demo.example"],
    },
  });
  raw = await openRawDatabase(database);
});
afterAll(async () => {
  await raw.close();
  await office.close();
  await rehearsal.close();
});
beforeEach(() => rehearsal.behave());

async function signedIn(persona = "bo"): Promise<Person> {
  const person = new Person(office.url);
  await person.signIn("rehearsal", persona);
  return person;
}
const kept = async () => (await raw.rows("select identity_id from postern_tokens")).length;

test("kept tokens are revoked with the last session of the identity, and not before", async () => {
  const [phone, laptop] = [await signedIn(), await signedIn()];
  const asked = rehearsal.requests.revocation;
  await phone.post("/auth/sign-out");
  expect([await kept(), rehearsal.requests.revocation]).toEqual([1, asked]);
  await laptop.post("/auth/sign-out");
  expect(await kept()).toBe(0);
  // The refresh token, and the access token after it.
  await expect.poll(() => rehearsal.requests.revocation).toBe(asked + 2);
});

test.each(["suspend", "delete"] as const)(
  "%s: all of a person's tokens are given up and revoked",
  async (verb) => {
    const person = await signedIn();
    const id = (await person.session())?.user.id ?? "";
    const asked = rehearsal.requests.revocation;
    await office.door.users[verb](id, "cli:root@host");
    expect(await kept()).toBe(0);
    await expect.poll(() => rehearsal.requests.revocation).toBe(asked + 2);
    if (verb === "suspend") await office.door.users.reactivate(id, "cli:root@host");
  },
);

test("a merge and an account that is removed give tokens up at the provider, too", async () => {
  const [bo, kit] = [await signedIn(), await signedIn("kit")];
  const idOf = async (person: Person) => (await person.session())?.user.id ?? "";
  const [boId, kitId] = [await idOf(bo), await idOf(kit)];
  const { users } = office.door;
  const [own] = await users.identitiesOf(kitId);
  let asked = rehearsal.requests.revocation;
  await users.previewMerge(boId, kitId, "cli:root@host");
  expect([await kept(), rehearsal.requests.revocation]).toEqual([2, asked]);
  expect(await users.merge(boId, kitId, "cli:root@host")).toMatchObject({ tokens: 1 });
  expect(await kept()).toBe(1);
  await expect.poll(() => rehearsal.requests.revocation).toBe(asked + 2);

  asked = rehearsal.requests.revocation;
  await users.unlink(kitId, own?.id ?? "", "cli:root@host");
  expect(await kept()).toBe(0);
  await expect.poll(() => rehearsal.requests.revocation).toBe(asked + 2);
  await users.delete(kitId, "cli:root@host");
});

test("two last devices that sign out at once leave none behind", async () => {
  const devices = [await signedIn(), await signedIn()];
  await Promise.all(devices.map((device) => device.post("/auth/sign-out")));
  expect(await kept()).toBe(0);
});

test("a provider that never answers is waited for by nobody, and one that refuses is in the log", async () => {
  const slow = await signedIn();
  let arrived = () => {};
  let release = () => {};
  const hasArrived = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  rehearsal.delay("revocation", () => {
    arrived();
    return new Promise<void>((resolve) => {
      release = resolve;
    });
  });
  expect((await slow.post("/auth/sign-out")).headers.get("location")).toBe("/auth/signed-out");
  await hasArrived;
  expect([await slow.session(), await kept()]).toEqual([null, 0]);
  rehearsal.delay("revocation", null);
  release();

  const refused = await signedIn();
  rehearsal.misbehave("status-500", { endpoint: "revocation", times: 1 });
  await refused.post("/auth/sign-out");
  await expect.poll(() => office.logged.join("\n")).toContain("Tokens could not be revoked at the provider.");
});
