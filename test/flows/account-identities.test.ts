import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, openStage, type Stage } from "../attacks/stage.ts";

const MINUTE = 60_000;

describe.each(ENGINES)("the accounts that somebody signs in with (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  /** Follows our own redirects as a browser does. */
  async function open(person: Person, path: string): Promise<string> {
    const response = await person.request(path);
    expect(response.status).toBe(200);
    return response.text();
  }

  test("are added after a confirmation, used, and taken away again", async () => {
    const grace = new Person(stage.office.url);
    await grace.signIn("rehearsal", "grace");
    const userId = (await grace.session())?.user.id ?? "";
    const account = await open(grace, "/auth/account");
    expect(account).toContain('action="/auth/account/link/github"');
    expect(account).toContain("Your only way to sign in");
    expect(account).not.toContain("?remove=");

    // Not fresh: to the page for confirming first, and then on.
    stage.passTime(10 * MINUTE);
    const first = await grace.post("/auth/account/link/github");
    expect(first.headers.get("location")).toBe("/auth/step-up?return_to=%2Fauth%2Faccount%3Fadd%3Dgithub");
    const asked = await grace.post("/auth/step-up/rehearsal", { return_to: "/auth/account?add=github" });
    const back = await grace.request(await grace.pick(new URL(asked.headers.get("location") ?? ""), "grace"));
    expect(back.headers.get("location")).toBe("/auth/account?add=github");
    expect(await open(grace, "/auth/account?add=github")).toContain("as a way to sign in");

    const started = await grace.post("/auth/account/link/github");
    const linked = await grace.request(
      await grace.pick(new URL(started.headers.get("location") ?? ""), "grace"),
    );
    expect(linked.headers.get("location")).toBe("/auth/account?linked");
    expect(await open(grace, "/auth/account?linked")).toContain("It has been added");
    expect((await allEvents(stage))[0]).toMatchObject({
      action: "identity.linked",
      actor: userId,
      target: userId,
      detail: { provider: "github", handle: "grace-holm" },
    });

    // Once more is no mistake.
    const again = await grace.post("/auth/account/link/github");
    const known = await grace.request(
      await grace.pick(new URL(again.headers.get("location") ?? ""), "grace"),
    );
    expect(known.headers.get("location")).toBe("/auth/account?linked_already");

    // Either of them is the same person.
    const phone = new Person(stage.office.url);
    await phone.signIn("github", "grace");
    expect((await phone.session())?.user.id).toBe(userId);

    const identities = await stage.office.door.users.identitiesOf(userId);
    const github = identities.find(({ provider }) => provider === "github")?.id ?? "";
    const question = await open(grace, `/auth/account?remove=${github}`);
    expect(question).toContain("(<bdi>grace-holm</bdi>)?");
    expect(question).toContain(`action="/auth/account/identities/${github}/unlink"`);
    expect(question).not.toContain("That includes this one");
    const gone = await grace.post(`/auth/account/identities/${github}/unlink`);
    expect(gone.headers.get("location")).toBe("/auth/account?unlinked");
    // What was signed in with it is out; the browser that did it is not.
    expect(await phone.session()).toBeNull();
    expect((await grace.session())?.user.id).toBe(userId);
    expect(
      (await allEvents(stage))
        .slice(0, 2)
        .map(({ action }) => action)
        .sort(),
    ).toEqual(["identity.unlinked", "session.ended"]);

    // It is nobody's now: whoever comes by it is somebody new.
    await phone.signIn("github", "grace");
    expect((await phone.session())?.user.id).not.toBe(userId);
    const [left] = await stage.office.door.users.identitiesOf(userId);
    expect((await grace.post(`/auth/account/identities/${left?.id}/unlink`)).status).toBe(409);
  });

  test("with the account that this browser has signed in with, it is signed out", async () => {
    const uma = new Person(stage.office.url);
    await uma.signIn("rehearsal", "bo");
    const started = await uma.post("/auth/account/link/github");
    await uma.request(await uma.pick(new URL(started.headers.get("location") ?? ""), "bo"));
    const identities = await stage.office.door.users.identitiesOf((await uma.session())?.user.id ?? "");
    const own = identities.find(({ provider }) => provider === "rehearsal")?.id ?? "";
    expect(await open(uma, `/auth/account?remove=${own}`)).toContain("That includes this one");
    const gone = await uma.post(`/auth/account/identities/${own}/unlink`);
    expect(gone.headers.get("location")).toBe("/auth/signed-out");
    expect(await uma.session()).toBeNull();
    await uma.signIn("github", "bo");
    expect((await uma.session())?.user.id).toBe(identities[0]?.userId);
  });

  test("cancelled at the provider, none is added, and whoever began it is told that they are still signed in", async () => {
    const noor = new Person(stage.office.url);
    await noor.signIn("rehearsal", "bo");
    const { user } = (await noor.session()) ?? {};
    const started = await noor.post("/auth/account/link/github");
    const cancelled = await noor.comeBack(
      await noor.choose(new URL(started.headers.get("location") ?? ""), "bo", { decision: "cancel" }),
    );
    expect(cancelled.status).toBe(403);
    const page = await cancelled.text();
    expect(page).toContain(`You are still signed in as <bdi>${user?.name}</bdi>.`);
    expect(page).toContain("nothing was changed");
    expect(page).toContain('action="/auth/account/link/github"');
    expect(page).toContain('href="/auth/account"');
    expect(page).not.toContain("/auth/sign-in");
    expect(await stage.office.door.users.identitiesOf(user?.id ?? "")).toHaveLength(1);
    expect((await allEvents(stage))[0]).toMatchObject({
      action: "identity.link_failed",
      reason: "access_denied_by_user",
      actor: user?.id,
    });
  });

  test("cannot be taken away without a fresh confirmation", async () => {
    const liwei = new Person(stage.office.url);
    await liwei.signIn("rehearsal", "liwei");
    const started = await liwei.post("/auth/account/link/github");
    await liwei.request(await liwei.pick(new URL(started.headers.get("location") ?? ""), "liwei"));
    const [one] = await stage.office.door.users.identitiesOf((await liwei.session())?.user.id ?? "");
    stage.passTime(10 * MINUTE);
    const answer = await liwei.post(`/auth/account/identities/${one?.id}/unlink`);
    expect(answer.headers.get("location")).toMatch(/^\/auth\/step-up\?return_to=/);
    expect(await stage.office.door.users.identitiesOf(one?.userId ?? "")).toHaveLength(2);
  });
});
