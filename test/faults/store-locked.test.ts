import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { allEvents, openStage, type Stage, sessionCookieOf } from "../attacks/stage.ts";
import { callbackOf, transactionCookies } from "../attacks/transaction.ts";
import { SECRET } from "../support/back-office.ts";
import { canariesOfAttempt } from "../support/canaries.ts";
import { expectStoreFailure } from "./store-failure.ts";

/** How long Postern waits for a lock of another process, and then some, in milliseconds. */
const PATIENCE = 8_000;

let stage: Stage;
let other: DatabaseSync;
beforeAll(async () => {
  stage = await openStage();
  other = new DatabaseSync(stage.database.slice("file:".length));
});
afterEach(() => {
  if (other.isTransaction) other.exec("rollback");
});
afterAll(async () => {
  other.close();
  await stage.close();
});

/** As a back-up or a migration by hand does. */
function lock(): void {
  other.exec("begin immediate");
}

test("locked at the callback: 503, nothing spent, and the same callback works when the lock is gone", async () => {
  const person = new Person(stage.office.url);
  const callback = await callbackOf(person, "rehearsal", "load-1", "/orders");
  const [name = ""] = transactionCookies(person);
  const canaries = canariesOfAttempt(SECRET, person.jar.get(name) ?? "", callback);
  const requests = stage.rehearsal.requests.token;
  const events = (await allEvents(stage)).length;
  lock();
  const startedAt = performance.now();
  await expectStoreFailure(stage.office, await person.request(callback), canaries);
  expect(performance.now() - startedAt).toBeLessThan(PATIENCE);
  expect(stage.rehearsal.requests.token).toBe(requests);
  expect(transactionCookies(person)).toEqual([name]);

  other.exec("rollback");
  expect((await allEvents(stage)).length).toBe(events);
  expect((await person.request(callback)).headers.get("location")).toBe("/orders");
  expect((await person.session())?.user.name).toBe("Load Person 1");
});

test("locked between the token exchange and the session: 503, no session, nobody half made", async () => {
  const person = new Person(stage.office.url);
  const callback = await callbackOf(person, "github", "load-2");
  const [name = ""] = transactionCookies(person);
  const canaries = canariesOfAttempt(SECRET, person.jar.get(name) ?? "", callback);
  stage.rehearsal.delay("github.emails", lock);
  const response = await person.request(callback);
  stage.rehearsal.delay("github.emails", null);
  await expectStoreFailure(stage.office, response, canaries);
  expect(await person.session()).toBeNull();

  other.exec("rollback");
  expect(await stage.office.door.users.find("load-2@demo.example")).toEqual([]);
  // The code has been used: what is left is to sign in anew.
  expect((await person.request(callback)).status).toBe(400);
  expect((await person.signIn("github", "load-2")).headers.get("location")).toBe("/");
  const [user] = await stage.office.door.users.find("load-2@demo.example");
  expect(await stage.office.door.sessions.ofUser(user?.id ?? "")).toHaveLength(1);
});

test("while it is locked people go on working, and a sign-out that failed does not look like one", async () => {
  const person = new Person(stage.office.url);
  await person.signIn("rehearsal", "bo");
  lock();
  expect((await person.request("/orders")).status).toBe(200);
  expect((await person.request("/auth/account")).status).toBe(200);
  expect((await person.request("/auth/health/ready")).status).toBe(200);
  const begun = await new Person(stage.office.url).post("/auth/sign-in/rehearsal");
  expect(begun.status).toBe(303);
  const out = await person.post("/auth/sign-out");
  expect(out.status).toBe(503);
  expect(out.headers.getSetCookie()).toEqual([]);

  other.exec("rollback");
  expect((await person.request("/orders")).status).toBe(200);
  expect((await person.post("/auth/sign-out")).headers.get("location")).toBe("/auth/signed-out");
  expect(sessionCookieOf(out)).toBeNull();
  expect((await person.request("/orders")).status).toBe(303);
});
