import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { callbackOf, transactionCookies } from "../attacks/transaction.ts";
import { type BackOffice, SECRET, startBackOffice } from "../support/back-office.ts";
import { canariesOfAttempt } from "../support/canaries.ts";
import { freshDatabase, type PostgresServer, startPostgres } from "../support/postgres.ts";
import { expectStoreFailure } from "./store-failure.ts";

/** A server of our own: the one that all tests share must not be stopped. */
let server: PostgresServer;
let rehearsal: Rehearsal;
let office: BackOffice;
beforeAll(async () => {
  server = await startPostgres();
  rehearsal = await startRehearsal();
  office = await startBackOffice({ rehearsalUrl: rehearsal.url, database: await freshDatabase(server.url) });
});
afterAll(async () => {
  await office.close();
  await rehearsal.close();
  await server.stop();
});

async function begin(provider: string, persona: string) {
  const person = new Person(office.url);
  const callback = await callbackOf(person, provider, persona, "/orders");
  const [name = ""] = transactionCookies(person);
  return { person, callback, canaries: canariesOfAttempt(SECRET, person.jar.get(name) ?? "", callback) };
}

test("fault 118: stopped between the redirect and the callback: 503, and then the same callback works", async () => {
  const { person, callback, canaries } = await begin("rehearsal", "load-1");
  const colleague = new Person(office.url);
  await colleague.signIn("rehearsal", "bo");

  await server.restart(async () => {
    await expectStoreFailure(office, await person.request(callback), canaries);
    expect((await new Person(office.url).request("/auth/sign-in")).status).toBe(200);
    expect((await new Person(office.url).request("/auth/health/live")).status).toBe(200);
    // The database is looked at once a second at most: what was seen before it went stands for as long.
    const ready = await vi.waitFor(async () => {
      const answer = await new Person(office.url).request("/auth/health/ready");
      expect(answer.status).toBe(503);
      return answer;
    }, 5_000);
    expect(await ready.json()).toMatchObject({ code: "store_unavailable" });
  });

  expect((await person.request(callback)).headers.get("location")).toBe("/orders");
  expect((await person.session())?.user.name).toBe("Load Person 1");
  expect((await colleague.session())?.user.name).toBe("Bo Lund");
});

test("fault 118: stopped after the token exchange: no session cookie without a session", async () => {
  for (const [provider, endpoint] of [
    ["rehearsal", "token"],
    ["github", "github.user"],
  ] as const) {
    const { person, callback, canaries } = await begin(provider, "load-2");
    let restarted = Promise.resolve();
    let bringBack = () => {};
    // The exchange goes on only when the server has stopped, and the server comes back only after the answer.
    rehearsal.delay(endpoint, () => {
      const answered = new Promise<void>((resolve) => {
        bringBack = resolve;
      });
      return new Promise<void>((stopped) => {
        restarted = server.restart(() => {
          stopped();
          return answered;
        });
      });
    });
    const response = await person.request(callback);
    rehearsal.delay(endpoint, null);
    await expectStoreFailure(office, response, canaries);
    bringBack();
    await restarted;

    expect(await person.session()).toBeNull();
    expect(await office.door.users.find("load-2@demo.example")).toEqual([]);
    expect((await person.request(callback)).status).toBe(400);
  }
  const again = new Person(office.url);
  expect((await again.signIn("rehearsal", "load-2")).headers.get("location")).toBe("/");
  expect((await again.session())?.user.name).toBe("Load Person 2");
});

test("whoever is signed in is neither let in nor sent away while nothing can be known about them", async () => {
  const person = new Person(office.url);
  await person.signIn("rehearsal", "ada");
  await server.restart(async () => {
    // What was read less than a second ago may still count; then nothing does.
    let page = await person.request("/admin");
    const giveUpAt = Date.now() + 5_000;
    while (page.status === 200 && Date.now() < giveUpAt) page = await person.request("/admin");
    expect(page.status).toBe(503);
    expect(page.headers.getSetCookie()).toEqual([]);
    const api = await person.request("/admin", { api: true });
    expect(api.status).toBe(503);
    expect(await api.json()).toMatchObject({ code: "store_unavailable" });
    expect((await person.request("/auth/session", { api: true })).status).toBe(503);
    const out = await person.post("/auth/sign-out");
    expect(out.status).toBe(503);
    expect(out.headers.getSetCookie()).toEqual([]);
  });
  expect((await person.request("/admin")).status).toBe(200);
});
