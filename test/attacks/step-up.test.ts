import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { startStepUp, stepUp } from "../support/step-up.ts";
import { type Observation, observe, openStage, type Stage, sessionCookieOf } from "./stage.ts";
import { callbackOf, withCookies } from "./transaction.ts";

const MINUTE = 60_000;

let stage: Stage;
let bo: Person;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  bo = new Person(stage.office.url);
  await bo.signIn("rehearsal", "bo");
  stage.passTime(11 * MINUTE);
});
afterAll(() => stage.close());

/** The promise of every step-up that is refused: one event, and a session as it was. */
async function expectUnconfirmed(
  { response, events }: Observation,
  expected: { readonly reason: string; readonly cause: string },
): Promise<void> {
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(sessionCookieOf(response)).toBeNull();
  expect(events).toMatchObject([
    { action: "step_up.failed", reason: expected.reason, detail: { cause: expected.cause } },
  ]);
}

const isStale = async (person: Person) => (await person.request("/payroll")).status === 303;

test("another account of the same provider confirms nothing", async () => {
  const secret = bo.jar.get("postern");
  // Known here, but somebody else.
  await new Person(stage.office.url).signIn("rehearsal", "grace");
  for (const persona of ["grace", "nils"]) {
    const seen = await observe(stage, () => stepUp(bo, "rehearsal", persona));
    await expectUnconfirmed(seen, { reason: "step_up_failed", cause: "other_account" });
  }
  expect(bo.jar.get("postern")).toBe(secret);
  expect((await bo.session())?.user.name).toBe("Bo Lund");
  expect(await isStale(bo)).toBe(true);
});

test.each([
  ["no-auth-time", "auth_time_missing"],
  ["stale-auth-time", "auth_time_too_old"],
] as const)("a provider that %s", async (misbehave, cause) => {
  const seen = await observe(stage, () => stepUp(bo, "rehearsal", "bo", { misbehave }));
  await expectUnconfirmed(seen, { reason: "step_up_failed", cause });
  expect(await isStale(bo)).toBe(true);
});

test("a provider where they have no account is not even asked", async () => {
  const answer = await bo.post("/auth/step-up/github", { return_to: "/payroll" });
  expect(answer.status).toBe(404);
  expect(answer.headers.get("location")).toBeNull();
});

test("suspended meanwhile, nothing is confirmed and the session stays dead", async () => {
  const userId = (await bo.session())?.user.id ?? "";
  const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "bo");
  await stage.office.door.users.suspend(userId, "test");
  const seen = await observe(stage, () => bo.request(callback));
  await expectUnconfirmed(seen, { reason: "suspended", cause: "suspended" });
  expect(await bo.session()).toBeNull();
  await stage.office.door.users.reactivate(userId, "test");
  expect(await bo.session()).toBeNull();
});

test("whom the rules would not let in any more, they do not confirm", async () => {
  const strict = await stage.openOffice({ publicUrl: stage.office.url, access: [] });
  const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "bo");
  const there = withCookies(strict.url, bo.jar);
  const seen = await observe(stage, () => there.request(callback));
  await expectUnconfirmed(seen, { reason: "not_allowed", cause: "not_admitted_any_more" });
  expect(await isStale(bo)).toBe(true);
});

test("signed out meanwhile, the callback brings nobody in", async () => {
  const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "bo");
  await bo.post("/auth/sign-out");
  const seen = await observe(stage, () => bo.request(callback));
  await expectUnconfirmed(seen, { reason: "state_mismatch", cause: "no_session" });
  expect(seen.backChannel).toBe(0);
  expect(await bo.session()).toBeNull();
});

test("in another session of the same person it does not count", async () => {
  const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "bo");
  const copy = withCookies(stage.office.url, bo.jar);
  await copy.signIn("rehearsal", "bo");
  const seen = await observe(stage, () => copy.request(callback));
  await expectUnconfirmed(seen, { reason: "state_mismatch", cause: "other_session" });
  expect(seen.backChannel).toBe(0);
});

test("a stolen transaction does not count in the thief's session", async () => {
  const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "bo");
  const mallory = new Person(stage.office.url);
  await mallory.signIn("rehearsal", "grace");
  const secret = mallory.jar.get("postern") ?? "";
  for (const name of bo.jar.names()) mallory.jar.set(name, bo.jar.get(name) ?? "");
  mallory.jar.set("postern", secret);
  const seen = await observe(stage, () => mallory.request(callback));
  await expectUnconfirmed(seen, { reason: "state_mismatch", cause: "other_session" });
  expect(mallory.jar.get("postern")).toBe(secret);
});

test("replayed, by the back button or by 20 tabs at once, it counts once", async () => {
  const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "bo");
  const tabs = Array.from({ length: 20 }, () => withCookies(stage.office.url, bo.jar));
  const answers = await Promise.all(tabs.map((tab) => tab.request(callback)));
  expect(answers.map(sessionCookieOf).filter((secret) => secret !== null)).toHaveLength(1);
  const winner = tabs[answers.findIndex((answer) => sessionCookieOf(answer) !== null)];
  const secret = winner?.jar.get("postern");
  const again = await observe(stage, () => (winner as Person).request(callback));
  expect(again.response.status).toBe(400);
  expect(again.backChannel).toBe(0);
  expect(winner?.jar.get("postern")).toBe(secret);
});

test("two that were begun at once: the second finds another secret", async () => {
  const [one, two] = [await startStepUp(bo, "rehearsal"), await startStepUp(bo, "rehearsal")];
  const [first, second] = [await bo.pick(one, "bo"), await bo.pick(two, "bo")];
  expect((await bo.request(first)).status).toBe(303);
  const seen = await observe(stage, () => bo.request(second));
  await expectUnconfirmed(seen, { reason: "state_mismatch", cause: "other_session" });
  expect(await isStale(bo)).toBe(false);
});

describe("a transaction for one purpose never serves another", () => {
  test("a sign-in that was begun confirms nothing: it opens a session of its own", async () => {
    const { id } = (await bo.session())?.session ?? {};
    const callback = await callbackOf(bo, "rehearsal", "bo");
    await bo.request(callback);
    expect((await bo.session())?.session.id).not.toBe(id);
  });

  test("a step-up that was begun signs nobody in, whoever arrives and whatever cookie is gone", async () => {
    const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "grace");
    bo.jar.delete("postern");
    const seen = await observe(stage, () => bo.request(callback));
    await expectUnconfirmed(seen, { reason: "state_mismatch", cause: "no_session" });
    expect(await bo.session()).toBeNull();
  });

  test("expired, it is not begun again by itself as a sign-in", async () => {
    const callback = await bo.pick(await startStepUp(bo, "rehearsal"), "bo");
    bo.jar.delete("postern");
    stage.passTime(11 * MINUTE);
    const seen = await observe(stage, () => bo.request(callback));
    expect(seen.response.status).toBe(400);
    expect(seen.response.headers.get("location")).toBeNull();
  });
});

describe("where it begins", () => {
  test.each([
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a sibling host", { origin: "http://evil.localhost", "sec-fetch-site": "same-site" }],
  ])("a press on a button of %s begins nothing", async (_, headers) => {
    const answer = await bo.post("/auth/step-up/rehearsal", { return_to: "/" }, headers);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  test("a link begins nothing", async () => {
    expect((await bo.request("/auth/step-up/rehearsal")).status).toBe(405);
    expect((await bo.request("/auth/step-up/rehearsal", { method: "HEAD" })).status).toBe(405);
  });

  test.each(["//evil.example", "https://evil.example/", "/auth/sign-out", "/auth/step-up"])(
    "%s is no place to come back to",
    async (returnTo) => {
      const back = await stepUp(bo, "rehearsal", "bo", { returnTo });
      expect(back.headers.get("location")).toBe("/");
    },
  );

  test("nobody who is not signed in gets there", async () => {
    const stranger = new Person(stage.office.url);
    expect((await stranger.request("/auth/step-up?return_to=/payroll")).headers.get("location")).toMatch(
      "/auth/sign-in",
    );
    expect((await stranger.post("/auth/step-up/rehearsal")).headers.get("location")).toMatch("/auth/sign-in");
  });
});
