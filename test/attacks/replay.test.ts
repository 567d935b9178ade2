import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import {
  allEvents,
  ENGINES,
  expectRefused,
  observe,
  openStage,
  PROVIDERS,
  type Stage,
  sessionCookieOf,
} from "./stage.ts";
import { callbackOf, parameterOf, transactionCookies, withCookies, withParameter } from "./transaction.ts";

const MINUTE = 60_000;

describe.each(ENGINES)("a callback is good once (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  test.each(PROVIDERS)("50 callbacks of %s at the same moment with the same cookies", async (provider) => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, provider, "grace");
    const before = { ...stage.rehearsal.requests };
    const known = new Set((await allEvents(stage)).map(({ id }) => id));
    const tabs = Array.from({ length: 50 }, () => withCookies(stage.office.url, person.jar));
    const answers = await Promise.all(tabs.map((tab) => tab.request(callback)));

    const events = (await allEvents(stage)).filter(({ id }) => !known.has(id));
    // Together, so that whatever else came of it says why.
    expect({
      statuses: tally(answers.map(({ status }) => String(status))),
      causes: tally(events.flatMap(({ detail: { cause } }) => (typeof cause === "string" ? [cause] : []))),
      logged: stage.office.logged.filter((line) => line.startsWith("a request failed")),
    }).toEqual({ statuses: { 303: 1, 400: 49 }, causes: { already_used: 49 }, logged: [] });
    const secrets = answers.map(sessionCookieOf).filter((secret) => secret !== null);
    expect(secrets).toHaveLength(1);
    const endpoint = provider === "github" ? "github.token" : "token";
    expect(stage.rehearsal.requests[endpoint] - before[endpoint]).toBe(1);

    const [winner] = tabs.filter(({ jar }) => jar.get("postern") !== undefined);
    const userId = (await winner?.session())?.user.id ?? "";
    expect(await stage.office.door.sessions.ofUser(userId)).toHaveLength(1);
    expect(events.filter(({ action }) => action === "login.succeeded")).toHaveLength(1);
  });

  test.each(PROVIDERS)("%s: again with the cookies as they were before", async (provider) => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, provider, "bo");
    const thief = withCookies(stage.office.url, person.jar);
    expect((await person.request(callback)).status).toBe(303);

    const seen = await observe(stage, () => thief.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "already_used" });
    expect(seen.backChannel).toBe(0);
    expect(await person.session()).not.toBeNull();
  });

  test("CVE-2026-73419: spent at one instance is spent at all", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    // The cookie jar knows no ports, as a browser's does not.
    const elsewhere = await stage.openOffice({ publicUrl: stage.office.url });
    const answers = await Promise.all(
      [stage.office.url, elsewhere.url, stage.office.url, elsewhere.url].map((url) =>
        withCookies(url, person.jar).request(callback),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400]);
  });

  test("fault 103: the same browser after success asks nothing of the provider and stays signed in", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    await person.request(callback);
    const session = await person.session();
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "transaction_gone" });
    expect(seen.backChannel).toBe(0);
    expect(await person.session()).toEqual(session);
  });

  test("fault 108: the callback from the history after signing out begins nothing", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    await person.request(callback);
    await person.post("/auth/sign-out");
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
    expect(await person.session()).toBeNull();
  });

  test("a code that failed at the provider is not tried a second time", async () => {
    const person = new Person(stage.office.url);
    const callback = withParameter(await callbackOf(person, "rehearsal", "bo"), "code", "guessed");
    const copy = withCookies(stage.office.url, person.jar);
    expectRefused(await observe(stage, () => person.request(callback)), {
      code: "provider_rejected",
      cause: "code_invalid",
    });
    const again = await observe(stage, () => copy.request(callback));
    expectRefused(again, { code: "state_mismatch", cause: "already_used" });
    expect(again.backChannel).toBe(0);
  });
});

describe("a stale tab", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage.close());

  test("fault 102: one millisecond before its end a sign-in still counts, at its end it begins again", async () => {
    const early = new Person(stage.office.url);
    const inTime = await callbackOf(early, "rehearsal", "bo", "/orders");
    const late = new Person(stage.office.url);
    const tooLate = await callbackOf(late, "rehearsal", "bo", "/orders?page=2");
    stage.passTime(9 * MINUTE);
    expect((await early.request(inTime)).headers.get("location")).toBe("/orders");
    stage.passTime(MINUTE);

    const seen = await observe(stage, () => late.request(tooLate));
    expect(seen.response.status).toBe(303);
    expect(seen.backChannel).toBe(0);
    expect(seen.events).toEqual([]);
    expect(sessionCookieOf(seen.response)).toBeNull();
    const again = new URL(seen.response.headers.get("location") ?? "");
    expect(again.origin).toBe(stage.rehearsal.url);
    expect(again.searchParams.get("state")).not.toBe(parameterOf(tooLate, "state"));
    // The way back survives, and the second try works.
    const back = await late.request(await late.pick(again, "bo"));
    expect(back.headers.get("location")).toBe("/orders?page=2");
    expect((await late.session())?.user.name).toBe("Bo Lund");
  });

  test("fault 111: cookies cleared midway begin the sign-in again once and never loop", async () => {
    const person = new Person(stage.office.url);
    let callback = await callbackOf(person, "rehearsal", "bo");
    const restarts: number[] = [];
    for (let round = 0; round < 5; round++) {
      // A browser that loses every transaction, but not the mark that it began one.
      for (const name of transactionCookies(person)) person.jar.delete(name);
      const response = await person.request(callback);
      restarts.push(response.status);
      if (response.status !== 303) break;
      callback = await person.pick(new URL(response.headers.get("location") ?? ""), "bo");
    }
    expect(restarts).toEqual([303, 400]);
    expect(await person.session()).toBeNull();
  });

  test("fault 111: a browser that keeps no cookie at all is told so at once", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    person.jar.clear();
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "not_this_browser" });
  });

  test("an expired sign-in that was the second try is not begun a third time", async () => {
    const person = new Person(stage.office.url);
    const first = await callbackOf(person, "rehearsal", "bo");
    stage.passTime(11 * MINUTE);
    const restarted = await person.request(first);
    const second = await person.pick(new URL(restarted.headers.get("location") ?? ""), "bo");
    stage.passTime(11 * MINUTE);
    const seen = await observe(stage, () => person.request(second));
    expectRefused(seen, { code: "state_mismatch", cause: "transaction_expired" });
    expect(seen.backChannel).toBe(0);
  });

  test("nobody who is signed in is sent away by a stale tab", async () => {
    const person = new Person(stage.office.url);
    const callback = await callbackOf(person, "rehearsal", "bo");
    await person.signIn("rehearsal", "grace");
    for (const name of transactionCookies(person)) person.jar.delete(name);
    const seen = await observe(stage, () => person.request(callback));
    expectRefused(seen, { code: "state_mismatch", cause: "transaction_gone" });
    expect((await person.session())?.user.name).toBe("Grace Holm");
  });
});

function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const groups = Object.entries(Object.groupBy(words, (word) => word));
  return Object.fromEntries(groups.map(([word, { length = 0 } = []]) => [word, length]));
}
