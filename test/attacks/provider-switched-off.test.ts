import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apple } from "../../src/providers/apple.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { type Callback, Person } from "../../src/testing/person.ts";
import { type BackOffice, keepingProviders, rehearsalProviders } from "../support/back-office.ts";
import { startStepUp } from "../support/step-up.ts";
import { allEvents, ENGINES, observe, openStage, type Stage, sessionCookieOf } from "./stage.ts";
import { withCookies } from "./transaction.ts";

const MINUTE = 60_000;
const OWNERS = ["rehearsal:ada@demo.example"];
/** One that sends people back by a redirect, and one that has them post a form. */
const GOING = ["github", "apple"] as const;

describe.each(ENGINES)("a provider that is switched off lets nobody in (%s)", (engine) => {
  let stage: Stage;
  /** The instance that still has it. */
  let before: BackOffice;
  /** The one that was started with the new configuration, at the same address and on the same database. */
  let after: BackOffice;
  beforeAll(async () => {
    stage = await openStage({ engine });
    const [rehearsal, ...others] = keepingProviders(stage.rehearsal.url) ?? [];
    if (rehearsal === undefined) throw new Error("there is no provider");
    const posting = apple({
      clientId: "com.example.web",
      teamId: "TEAM123456",
      keyId: "KEY1234567",
      privateKey: (await stage.rehearsal.applicationKeys.ec()).privateKey,
      baseUrl: stage.rehearsal.lookAlikes["form-post"],
    });
    before = await stage.openOffice({ providers: [rehearsal, ...others, posting], owners: OWNERS });
    after = await stage.openOffice({ publicUrl: before.url, providers: [rehearsal], owners: OWNERS });
  });
  afterAll(() => stage.close());

  /** The same browser, whose next request the new instance gets. */
  const meeting = (office: BackOffice, { jar }: Person) => withCookies(office.url, jar);
  const press = (person: Person, path: string) => person.post(path, {}, { origin: before.url });
  const signedIn = async (provider: string, persona: string) => {
    const person = new Person(before.url);
    await person.signIn(provider, persona);
    return person;
  };
  const userCount = async () => (await before.door.users.list({ limit: 1000 })).length;

  /** Comes back to the new instance, which knows nothing of such a provider and asks it nothing. */
  async function expectTurnedAway(person: Person, callback: Callback): Promise<void> {
    const [known, there] = [await userCount(), meeting(after, person)];
    const seen = await observe(stage, () => there.comeBack(callback));
    expect(seen.response.status).toBe(404);
    expect(sessionCookieOf(seen.response)).toBeNull();
    expect(seen.backChannel).toBe(0);
    expect(await userCount()).toBe(known);
    expect(
      seen.events.filter(({ action }) => /^(login\.succeeded|session\.|identity\.)/.test(action)),
    ).toEqual([]);
  }

  describe.each(GOING)("%s", (going) => {
    test.each(["bo", "grace"])("a sign-in that %s began before is finished by nobody", async (persona) => {
      if (persona === "grace") await signedIn(going, persona);
      const person = new Person(before.url);
      const callback = await person.choose(await person.start(going), persona);
      await expectTurnedAway(person, callback);
      expect(await meeting(after, person).session()).toBeNull();
      // It was the configuration alone that kept them out: the other instance still takes the very same callback.
      expect(sessionCookieOf(await person.comeBack(callback))).not.toBeNull();
    });

    test("a link that was begun before adds nothing", async () => {
      const person = await signedIn("rehearsal", "bo");
      const userId = (await person.session())?.user.id ?? "";
      const accounts = async () => (await before.door.users.identitiesOf(userId)).map(({ id }) => id);
      const own = await accounts();
      const started = await press(person, `/auth/account/link/${going}`);
      const callback = await person.choose(new URL(started.headers.get("location") ?? ""), "liwei");
      await expectTurnedAway(person, callback);
      expect(await accounts()).toEqual(own);
      expect((await person.comeBack(callback)).headers.get("location")).toBe("/auth/account?linked");
      expect(await accounts()).toHaveLength(own.length + 1);
      const added = (await accounts()).find((id) => !own.includes(id));
      expect((await press(person, `/auth/account/identities/${added}/unlink`)).status).toBe(303);
    });

    test("a confirmation that was begun before confirms nothing", async () => {
      const person = await signedIn(going, "grace");
      stage.passTime(11 * MINUTE);
      const callback = await person.choose(await startStepUp(person, going), "grace");
      await expectTurnedAway(person, callback);
      for (const office of [before, after])
        expect((await meeting(office, person).request("/payroll")).status).toBe(303);
      await person.comeBack(callback);
      expect((await person.request("/payroll")).status).toBe(200);
    });

    test("nothing is begun there: the button is gone, and its address is none", async () => {
      const stranger = new Person(after.url);
      expect(await (await stranger.request("/auth/sign-in")).text()).not.toContain(`/auth/sign-in/${going}`);
      expect((await press(stranger, `/auth/sign-in/${going}`)).status).toBe(404);
      expect((await stranger.request(`/auth/sign-in/${going}`)).status).toBe(404);
      const person = meeting(after, await signedIn("rehearsal", "grace"));
      for (const path of [`/auth/account/link/${going}`, `/auth/step-up/${going}`])
        expect([path, (await press(person, path)).status]).toEqual([path, 404]);
    });
  });

  test("its kept tokens are used for nobody", async () => {
    const person = await signedIn("github", "bo");
    const user = { id: (await person.session())?.user.id ?? "" };
    expect(await before.door.accessToken(user, "github")).toMatch(/^gho_/);
    const refused = { code: "unknown_provider" };
    await expect(after.door.accessToken(user, "github")).rejects.toMatchObject(refused);
    expect(() => after.door.api(user, "github")).toThrow(expect.objectContaining(refused));
  });

  test("another provider by its id finishes none of its sign-ins and inherits none of its people", async () => {
    const client = { clientId: "back-office", clientSecret: "rehearsal-secret" };
    const other = oidc({ id: "github", name: "Other", issuer: stage.rehearsal.url, ...client });
    const office = await stage.openOffice({ publicUrl: before.url, providers: [other], owners: [] });
    const old = (await (await signedIn("github", "bo")).session())?.user.id;
    const person = new Person(before.url);
    const callback = await person.choose(await person.start("github"), "bo");
    const seen = await observe(stage, () => meeting(office, person).comeBack(callback));
    expect([seen.response.status, seen.backChannel]).toEqual([400, 0]);
    expect((await allEvents(stage))[0]).toMatchObject({ detail: { cause: "other_issuer" } });

    const started = await press(new Person(office.url), "/auth/sign-in/github");
    const newcomer = new Person(office.url);
    newcomer.jar.take(started);
    await newcomer.request(await newcomer.pick(new URL(started.headers.get("location") ?? ""), "bo"));
    const theirs = (await newcomer.session())?.user.id;
    expect(theirs).toMatch(/^usr_/);
    expect(theirs).not.toBe(old);
  });
});

describe.each(ENGINES)("who owned the place by a provider that is switched off (%s)", (engine) => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ engine, options: { owners: ["github:1001"] } });
    return () => stage.close();
  });

  test("owns nothing by another account that says the same of them", async () => {
    const ada = new Person(stage.office.url);
    await ada.signIn("github", "ada");
    const owner = (await ada.session())?.user;
    expect(owner?.roles).toContain("owner");
    const [rehearsal] = keepingProviders(stage.rehearsal.url) ?? [];
    if (rehearsal === undefined) throw new Error("there is no provider");
    const office = await stage.openOffice({ providers: [rehearsal], owners: [] });
    const there = new Person(office.url);
    await there.signIn("rehearsal", "ada");
    expect((await there.session())?.user.id).not.toBe(owner?.id);
    expect((await there.session())?.user.roles).not.toContain("owner");
  });
});

describe.each(ENGINES)("a session whose provider was switched off (%s)", (engine) => {
  const HOUR = 60 * MINUTE;
  let stage: Stage;
  /** Started without GitHub, at the same address and on the same database. */
  let after: BackOffice;
  let bo: Person;
  beforeEach(async () => {
    stage = await openStage({ engine });
    bo = new Person(stage.office.url);
    await bo.signIn("github", "bo");
    after = await without("github");
    return () => stage.close();
  });

  const without = (id: string) =>
    stage.openOffice({
      publicUrl: stage.office.url,
      providers: rehearsalProviders(stage.rehearsal.url).filter((provider) => provider.id !== id),
      owners: OWNERS,
    });
  const there = (office: BackOffice, { jar }: Person) => withCookies(office.url, jar);
  const press = (person: Person, path: string) => person.post(path, {}, { origin: stage.office.url });

  test("opens nothing there, and the audit log tells once who came with it", async () => {
    const userId = (await bo.session())?.user.id;
    const person = there(after, bo);
    expect(await person.session()).toBeNull();
    for (const path of ["/orders", "/auth/account", "/auth/step-up"])
      expect((await person.request(path)).headers.get("location")).toMatch(/^\/auth\/sign-in/);
    expect((await person.request("/api/me", { api: true })).status).toBe(401);
    expect((await press(person, "/auth/token")).status).not.toBe(200);
    await after.door.close();
    const told = (await allEvents(stage)).filter(({ action }) => action === "session.refused");
    expect(told).toMatchObject([
      { actor: userId, reason: "provider_not_configured", detail: { provider: "github" } },
    ]);
    expect(
      after.logged.filter((line) => line.includes("opens nothing") || line.includes("open nothing")),
    ).toHaveLength(1);
  });

  test("other sessions of the same person go on", async () => {
    const grace = new Person(stage.office.url);
    await grace.signIn("rehearsal", "grace");
    expect((await there(after, grace).request("/orders")).status).toBe(200);
  });

  test("is there again when it was a mistake that was mended, and over for good when its idle time has passed", async () => {
    expect(await there(after, bo).session()).toBeNull();
    stage.passTime(7 * HOUR);
    expect(await there(after, bo).session()).toBeNull();
    expect(await bo.session()).not.toBeNull();
    stage.passTime(8 * HOUR);
    expect(await bo.session()).toBeNull();
  });

  test("does not come back to somebody who has signed out of it meanwhile, whoever has a copy", async () => {
    const copy = withCookies(stage.office.url, bo.jar);
    await press(there(after, bo), "/auth/sign-out");
    await expect.poll(() => copy.session(), { timeout: 1_500 }).toBeNull();
  });

  test("confirms nothing and adds no account by what was begun in it", async () => {
    const userId = (await bo.session())?.user.id ?? "";
    const started = await press(bo, "/auth/account/link/rehearsal");
    const callback = await bo.choose(new URL(started.headers.get("location") ?? ""), "nils");
    expect((await there(after, bo).comeBack(callback)).status).toBe(400);
    expect(await stage.office.door.users.identitiesOf(userId)).toHaveLength(1);
  });

  test("of an owner link stands on no provider, and stays", async () => {
    const ada = new Person(stage.office.url);
    await ada.signIn("rehearsal", "ada");
    const userId = (await ada.session())?.user.id ?? "";
    const wish = { userId };
    const { url } = await stage.office.door.ownerLinks.create(wish, "cli:test");
    const secret = new URL(url).pathname.split("/").at(-1) ?? "";
    const laptop = new Person(stage.office.url);
    await laptop.post("/auth/owner-link", { token: secret });
    expect((await there(after, laptop).session())?.session.provider).toBe("owner-link");
  });
});
