import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { rehearsalProviders } from "../support/back-office.ts";
import { startStepUp } from "../support/step-up.ts";
import { allEvents, observe, openStage, type Stage, sessionCookieOf } from "./stage.ts";
import { callbackOf, withCookies } from "./transaction.ts";

const MINUTE = 60_000;

let stage: Stage;
let bo: Person;
let boId: string;
beforeEach(async () => {
  stage = await openStage();
  bo = new Person(stage.office.url);
  await bo.signIn("rehearsal", "bo");
  boId = (await bo.session())?.user.id ?? "";
});
afterEach(() => stage.close());

async function startLink(person: Person, provider = "github"): Promise<URL> {
  const response = await person.post(`/auth/account/link/${provider}`);
  if (response.status !== 303) throw new Error(`link answered ${response.status}`);
  return new URL(response.headers.get("location") ?? "");
}

const accounts = async (userId: string) =>
  (await stage.office.door.users.identitiesOf(userId)).map(({ provider, handle }) => `${provider}:${handle}`);

test("1.14, link CSRF: a press on a button of another site, or a link, begins nothing", async () => {
  const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  for (const path of ["/auth/account/link/github", "/auth/account/identities/idn_1/unlink"]) {
    const answer = await bo.post(path, {}, foreign);
    expect(answer.status).toBe(403);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await bo.request(path)).status).toBe(405);
    expect((await bo.request(path, { method: "HEAD" })).status).toBe(405);
  }
});

test("1.14: the callback of the attacker's link, opened in the victim's browser, links nothing", async () => {
  const mallory = new Person(stage.office.url);
  await mallory.signIn("rehearsal", "grace");
  const callback = await mallory.pick(await startLink(mallory), "mallory");
  const seen = await observe(stage, () => bo.request(callback));
  expect(seen.response.status).toBe(400);
  expect(seen.backChannel).toBe(0);
  expect(await accounts(boId)).toHaveLength(1);

  // Not even with the attacker's transaction planted in the victim's browser.
  for (const name of mallory.jar.names())
    if (name.startsWith("postern-tx-")) bo.jar.set(name, mallory.jar.get(name) ?? "");
  const planted = await observe(stage, () => bo.request(callback));
  expect(planted.events).toMatchObject([
    { action: "identity.link_failed", reason: "state_mismatch", detail: { cause: "other_session" } },
  ]);
  expect(await accounts(boId)).toHaveLength(1);
});

test("in another session of the same person, or in none, a link does not count", async () => {
  const callback = await bo.pick(await startLink(bo), "bo");
  const copy = withCookies(stage.office.url, bo.jar);
  await copy.signIn("rehearsal", "bo");
  const other = await observe(stage, () => copy.request(callback));
  expect(other.events).toMatchObject([{ detail: { cause: "other_session" } }]);
  const none = withCookies(stage.office.url, bo.jar);
  none.jar.delete("postern");
  const seen = await observe(stage, () => none.request(callback));
  expect(seen.events).toMatchObject([{ detail: { cause: "no_session" } }]);
  expect(await none.session()).toBeNull();
  expect(await accounts(boId)).toHaveLength(1);
});

describe("a transaction for one purpose never serves another", () => {
  test("a link signs nobody in and confirms nothing", async () => {
    const secret = bo.jar.get("postern");
    stage.passTime(9 * MINUTE);
    const authorize = await startLink(bo);
    stage.passTime(5 * MINUTE);
    const done = await bo.request(await bo.pick(authorize, "bo"));
    expect(done.headers.get("location")).toBe("/auth/account?linked");
    expect(sessionCookieOf(done)).toBeNull();
    expect(bo.jar.get("postern")).toBe(secret);
    expect((await bo.request("/payroll")).status).toBe(303);
  });

  test("a sign-in and a step-up link nothing", async () => {
    await bo.request(await bo.pick(await startStepUp(bo, "rehearsal"), "nils"));
    expect(await accounts(boId)).toHaveLength(1);
    const callback = await callbackOf(bo, "github", "bo");
    await bo.request(callback);
    expect((await bo.session())?.user.id).not.toBe(boId);
    expect(await accounts(boId)).toHaveLength(1);
  });

  test("a link that was begun before a step-up is void after it: the secret is another one", async () => {
    const callback = await bo.pick(await startLink(bo), "bo");
    await bo.request(await bo.pick(await startStepUp(bo, "rehearsal"), "bo"));
    const seen = await observe(stage, () => bo.request(callback));
    expect(seen.events).toMatchObject([{ detail: { cause: "other_session" } }]);
    expect(await accounts(boId)).toHaveLength(1);
  });
});

test("1.47: the same e-mail at another provider is nobody's account until it is linked", async () => {
  const other = new Person(stage.office.url);
  await other.signIn("github", "bo");
  expect((await other.session())?.user.id).not.toBe(boId);
  const refused = await bo.request(await bo.pick(await startLink(bo), "bo"));
  expect(refused.status).toBe(409);
  const page = await refused.text();
  const otherId = (await other.session())?.user.id ?? "";
  expect(page).not.toContain(otherId);
  expect((await allEvents(stage))[0]).toMatchObject({
    action: "identity.link_failed",
    actor: boId,
    reason: "identity_taken",
    detail: { belongsTo: otherId },
  });
  expect(await accounts(boId)).toHaveLength(1);
});

test("of two people who link the same account at once one has it", async () => {
  const grace = new Person(stage.office.url);
  await grace.signIn("rehearsal", "grace");
  const graceId = (await grace.session())?.user.id ?? "";
  const first = await bo.pick(await startLink(bo), "liwei");
  const second = await grace.pick(await startLink(grace), "liwei");
  const answers = await Promise.all([bo.request(first), grace.request(second)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 409]);
  expect((await accounts(boId)).length + (await accounts(graceId)).length).toBe(3);
});

test("an account that no rule lets in is no way in, and is not linked", async () => {
  const strict = await stage.openOffice({
    publicUrl: stage.office.url,
    access: [{ when: { provider: "rehearsal" }, then: "allow" }],
  });
  const callback = await bo.pick(await startLink(bo), "bo");
  const refused = await withCookies(strict.url, bo.jar).request(callback);
  expect(refused.status).toBe(403);
  expect(await refused.text()).not.toContain("/auth/sign-in");
  expect(await accounts(boId)).toHaveLength(1);
});

test("suspended meanwhile, nothing is linked", async () => {
  const callback = await bo.pick(await startLink(bo), "bo");
  await stage.office.door.users.suspend(boId, "test");
  expect((await bo.request(callback)).status).toBe(403);
  expect(await accounts(boId)).toHaveLength(1);
});

describe("taking an account away", () => {
  const unlink = (person: Person, id: string) => person.post(`/auth/account/identities/${id}/unlink`);
  const ids = async (userId: string) =>
    (await stage.office.door.users.identitiesOf(userId)).map(({ id }) => id);

  test("of two tabs that take one each at the same moment, one must fail", async () => {
    await bo.request(await bo.pick(await startLink(bo), "bo"));
    const [one = "", two = ""] = await ids(boId);
    await Promise.all([unlink(bo, one), unlink(bo, two)]);
    expect(await accounts(boId)).toHaveLength(1);
    const events = await allEvents(stage);
    expect(events.filter(({ action }) => action === "identity.unlinked")).toHaveLength(1);
  });

  test("somebody else's is as unknown as one that never was", async () => {
    const grace = new Person(stage.office.url);
    await grace.signIn("rehearsal", "grace");
    await bo.request(await bo.pick(await startLink(bo), "bo"));
    const [theirs = ""] = await ids((await grace.session())?.user.id ?? "");
    for (const id of [theirs, "idn_nobody", "%00"]) expect((await unlink(bo, id)).status).toBe(404);
  });

  test("one whose provider is switched off is no way in that could be left over", async () => {
    await bo.request(await bo.pick(await startLink(bo), "bo"));
    const identities = await stage.office.door.users.identitiesOf(boId);
    const [openid] = identities.filter(({ provider }) => provider === "rehearsal");
    const half = await stage.openOffice({
      publicUrl: stage.office.url,
      providers: rehearsalProviders(stage.rehearsal.url).slice(0, 1),
      owners: [],
    });
    const there = withCookies(half.url, bo.jar);
    const path = `/auth/account/identities/${openid?.id}/unlink`;
    expect((await there.post(path, {}, { origin: stage.office.url })).status).toBe(409);
    expect(await accounts(boId)).toHaveLength(2);
  });
});
