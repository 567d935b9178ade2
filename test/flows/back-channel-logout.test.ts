import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { LogoutVariant, LogoutWish, Rehearsal } from "../../src/rehearsal/index.ts";
import { startRehearsal } from "../../src/rehearsal/index.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";

const CLIENT = "back-office";

describe.each(["sqlite", "postgres"])("back-channel logout on %s", (engine) => {
  let rehearsal: Rehearsal;
  let office: BackOffice;
  /** The same back office once more, with a cache of its own. */
  let elsewhere: BackOffice;
  const folder = scratchFolder();

  beforeAll(async () => {
    rehearsal = await startRehearsal();
    const database =
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("shared.db");
    office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
    elsewhere = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  });
  afterAll(async () => {
    await office.close();
    await elsewhere.close();
    await rehearsal.close();
    folder.remove();
  });

  const door = (provider = "rehearsal") => `${office.url}/auth/backchannel-logout/${provider}`;
  const tell = (persona: string, wish: Partial<LogoutWish> = {}) =>
    rehearsal.sendLogout(door(), { clientId: CLIENT, persona, ...wish });
  const post = (token: string, provider?: string) =>
    fetch(door(provider), { method: "POST", body: new URLSearchParams({ logout_token: token }) });
  async function signedIn(persona: string): Promise<Person> {
    const person = new Person(office.url);
    await person.signIn("rehearsal", persona);
    expect(await person.session()).not.toBeNull();
    return person;
  }

  test("oidcc-client-test-rp-backchannel-rpinitlogout: a valid logout token ends the session", async () => {
    const ada = await signedIn("ada");
    const answer = await fetch(door(), {
      method: "POST",
      body: new URLSearchParams({
        logout_token: await rehearsal.logoutToken({ clientId: CLIENT, persona: "ada" }),
      }),
    });
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await ada.session()).toBeNull();

    const events = await office.door.audit.list({ limit: 2 });
    expect(events.toSorted((a, b) => a.action.localeCompare(b.action))).toMatchObject([
      { action: "logout.received", actor: "provider:rehearsal", detail: { bySession: true } },
      { action: "session.ended", actor: "provider:rehearsal", reason: "signed_out_at_provider" },
    ]);
  });

  test.each<[string, LogoutVariant]>([
    ["oidcc-client-test-rp-backchannel-rpinitlogout-alg-none", "alg-none"],
    ["oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg", "wrong-alg"],
    ["oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss", "wrong-iss"],
    ["oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud", "wrong-aud"],
    ["oidcc-client-test-rp-backchannel-rpinitlogout-no-event", "no-event"],
    ["oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event", "wrong-event"],
    ["oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce", "with-nonce"],
    ["signed with a key that is not the provider's", "wrong-key"],
    ["changed on the way", "bad-signature"],
    ["of another type", "wrong-type"],
    ["without a session and without a person", "no-session"],
    ["without an id", "no-id"],
    ["an hour old", "old"],
    ["expired", "expired"],
    ["from the future", "from-the-future"],
  ])("%s: refused, and nobody is signed out", async (_, variant) => {
    const bo = await signedIn("bo");
    const { status, body } = await tell("bo", { variant });
    expect([status, JSON.parse(body)]).toEqual([400, { error: "invalid_request" }]);
    expect(await bo.session()).not.toBeNull();
  });

  test("a sid ends that session, a subject all of the person, and nobody else's", async () => {
    const [first, second, other] = [await signedIn("bo"), await signedIn("bo"), await signedIn("grace")];
    expect((await tell("bo", { by: "sid" })).status).toBe(200);
    expect(await second.session()).toBeNull();
    expect(await first.session()).not.toBeNull();
    expect((await tell("bo", { by: "sub" })).status).toBe(200);
    expect(await first.session()).toBeNull();
    expect(await other.session()).not.toBeNull();
  });

  test("a token counts once, also when it comes twenty times at once", async () => {
    await signedIn("bo");
    const token = await rehearsal.logoutToken({ clientId: CLIENT, persona: "bo", by: "sub" });
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const again = await signedIn("bo");
    expect((await post(token)).status).toBe(400);
    expect(await again.session()).not.toBeNull();
  });

  test.each(["sid", "sub"] as const)("by %s, before the session exists: it never does", async (by) => {
    const person = new Person(office.url);
    const callback = await person.pick(await person.start("rehearsal", "/admin"), "bo");
    expect((await tell("bo", { by })).status).toBe(200);

    const page = await person.request(callback);
    expect(page.status).toBe(403);
    expect(await page.text()).toContain("You were signed out at Rehearsal");
    expect(await person.session()).toBeNull();
    const [event] = await office.door.audit.list({ limit: 1 });
    expect(event).toMatchObject({ action: "login.failed", reason: "ended_at_provider" });
    // Whoever sets out after that comes in.
    await person.signIn("rehearsal", "bo");
    expect(await person.session()).not.toBeNull();
  });

  test("at the same moment as the callback: whichever is first, no session is left", async () => {
    for (let round = 0; round < 5; round++) {
      const person = new Person(office.url);
      const callback = await person.pick(await person.start("rehearsal"), "bo");
      const [{ status }] = await Promise.all([tell("bo", { by: "sid" }), person.request(callback)]);
      expect(status).toBe(200);
      expect(await person.session()).toBeNull();
    }
  });

  test("is effective within a second where another process has the session in its cache", async () => {
    const ada = await signedIn("ada");
    const there = new Person(elsewhere.url, { jar: ada.jar });
    expect(await there.session()).not.toBeNull();
    expect((await tell("ada")).status).toBe(200);
    const told = performance.now();
    while ((await there.session()) !== null) expect(performance.now() - told).toBeLessThan(1_000);
  });

  test("a flood of wrong tokens asks the provider for its keys no more than once", async () => {
    await tell("ada", { by: "sub" });
    const asked = rehearsal.requests.jwks;
    const wrong = { clientId: CLIENT, persona: "ada", by: "sub", variant: "wrong-key" } as const;
    const answers = await Promise.all(
      Array.from({ length: 60 }, async () => post(await rehearsal.logoutToken(wrong))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    expect(rehearsal.requests.jwks - asked).toBeLessThanOrEqual(1);
  });

  test("where nobody is expected to tell, there is no door", async () => {
    const token = await rehearsal.logoutToken({ clientId: CLIENT, persona: "ada", by: "sub" });
    for (const provider of ["nobody", "github"]) {
      const answer = await post(token, provider);
      expect(answer.status).toBe(404);
      expect(answer.headers.get("content-type")).toContain("json");
    }
  });

  test("what is no form with one logout token is refused", async () => {
    const token = await rehearsal.logoutToken({ clientId: CLIENT, persona: "ada", by: "sub" });
    const form = (...tokens: readonly string[]) =>
      new URLSearchParams(tokens.map((token): [string, string] => ["logout_token", token]));
    const bodies: readonly RequestInit[] = [
      {},
      { body: form() },
      { body: form(token, token) },
      { body: JSON.stringify({ logout_token: token }), headers: { "content-type": "application/json" } },
      { body: form(token).toString(), headers: { "content-type": "text/plain" } },
      { body: form("x".repeat(70_000)) },
      { body: form("not.a.token") },
      { body: form("x".repeat(20_000)) },
    ];
    for (const body of bodies) {
      const answer = await fetch(door(), { method: "POST", ...body });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toEqual({ error: "invalid_request" });
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    expect((await fetch(door())).status).toBe(405);
    // None of these has used it up.
    expect((await post(token)).status).toBe(200);
  });

  test("no token of it stands in the log", async () => {
    const token = await rehearsal.logoutToken({ clientId: CLIENT, persona: "ada", variant: "with-nonce" });
    await post(token);
    const log = office.logged.join("\n");
    expect(log).toContain("nonce_present");
    expect(log).not.toContain(token);
    expect(log).not.toContain(token.split(".")[2] ?? "");
  });
});
