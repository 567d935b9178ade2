import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OwnerLinkVerbs } from "../../src/index.ts";
import { apple } from "../../src/providers/apple.ts";
import { pickPersonaByPost } from "../../src/rehearsal/pick-persona.ts";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, openStage, type Stage } from "../attacks/stage.ts";
import { openRawDatabase } from "../support/raw-database.ts";

const ACTOR = "cli:root@host";
const MINUTE = 60_000;

describe.each(ENGINES)("the owner link on %s", (engine) => {
  let stage: Stage;
  beforeEach(async () => {
    // Nobody is named, so that there is no owner.
    stage = await openStage({ engine, options: { owners: [] } });
  });
  afterEach(() => stage.close());

  const create: OwnerLinkVerbs["create"] = (...wish) => stage.office.door.ownerLinks.create(...wish);
  const claimLink = (breakGlass = false, reason?: string) =>
    create({ userId: null, breakGlass }, ACTOR, reason);
  const newPerson = () => new Person(stage.office.url);
  const owners = async () => (await stage.office.door.users.list({ role: "owner" })).map(({ name }) => name);
  const actions = async () => (await allEvents(stage)).map(({ action }) => action);

  /** Opens the link and presses its button. */
  async function press(person: Person, url: URL): Promise<Response> {
    const shown = await person.request(url.pathname);
    expect(shown.status).toBe(200);
    const token = /name="token" value="([^"]+)"/.exec(await shown.text())?.[1] ?? "";
    return person.post("/auth/owner-link", { token });
  }

  async function becomeOwner(name = "bo"): Promise<{ person: Person; id: string }> {
    const person = newPerson();
    await press(person, (await claimLink()).url);
    await person.signIn("rehearsal", name);
    return { person, id: (await person.session())?.user.id ?? "" };
  }

  describe("without an owner", () => {
    test("makes whoever signs in next in that browser the owner, and is closed afterwards", async () => {
      const link = await claimLink(false, "new house");
      const bo = newPerson();
      const pressed = await press(bo, link.url);
      expect(pressed.status).toBe(303);
      expect(pressed.headers.get("location")).toBe("/auth/sign-in");
      expect(await owners()).toEqual([]);

      await bo.signIn("rehearsal", "bo");
      expect((await bo.session())?.user.roles).toEqual(["member", "owner"]);
      expect((await actions()).filter((action) => action.startsWith("owner_link"))).toEqual([
        "owner_link.used",
        "owner_link.created",
      ]);
      expect(bo.jar.header()).not.toContain("owner-link");

      expect((await newPerson().request(link.url.pathname)).status).toBe(410);
      await expect(claimLink()).rejects.toMatchObject({ code: "owner_exists" });
      expect((await bo.request("/auth/account")).status).toBe(200);
      expect(await (await bo.request("/auth/account")).text()).not.toContain("break-glass");
    });

    test("lets in somebody whom no rule lets in", async () => {
      const mallory = newPerson();
      await press(mallory, (await claimLink()).url);
      await mallory.signIn("rehearsal", "mallory");
      expect((await mallory.session())?.user.roles).toEqual(["owner"]);
    });

    test("opening it uses nothing up, and nobody else becomes owner by signing in meanwhile", async () => {
      const { url } = await claimLink();
      const bo = newPerson();
      for (let n = 0; n < 3; n++) expect((await bo.request(url.pathname)).status).toBe(200);
      expect(bo.jar.header()).not.toContain("owner-link");
      await bo.signIn("rehearsal", "bo");
      expect(await owners()).toEqual([]);
      const grace = newPerson();
      await press(grace, url);
      await grace.signIn("rehearsal", "grace");
      expect(await owners()).toEqual(["Grace Holm"]);
    });

    test.each(["one link", "two links"])("of two who race with %s, one wins", async (which) => {
      for (let round = 0; round < 5; round++) {
        const first = (await claimLink()).url;
        const second = which === "one link" ? first : (await claimLink()).url;
        const [bo, grace] = [newPerson(), newPerson()];
        await press(bo, first);
        await press(grace, second);
        const [one, other] = [await bo.start("rehearsal"), await grace.start("rehearsal")];
        const back = [await bo.pick(one, "bo"), await grace.pick(other, "grace")] as const;
        await Promise.all([bo.request(back[0]), grace.request(back[1])]);
        expect(await owners()).toHaveLength(1);
        // For the next round: the winner goes, by an owner who goes too.
        await dismissAll();
      }
    });

    async function dismissAll(): Promise<void> {
      const raw = await openRawDatabase(stage.database);
      await raw.rows("delete from postern_grants where role = 'owner' returning role");
      await raw.close();
    }

    test("counts too where the callback is posted from another site, which shows no Lax cookie", async () => {
      const { rehearsal } = stage;
      const provider = apple({
        clientId: "com.example.web",
        teamId: "TEAM123456",
        keyId: "KEY1234567",
        privateKey: (await rehearsal.applicationKeys.ec()).privateKey,
        baseUrl: rehearsal.lookAlikes["form-post"],
      });
      const posting = await stage.openOffice({ providers: [provider] });
      const bo = new Person(posting.url);
      const { url } = await posting.door.ownerLinks.create({ userId: null }, ACTOR);
      await press(bo, url);
      const { action, fields } = await pickPersonaByPost(await bo.start("apple"), "bo");
      const shown = bo.jar
        .header()
        .split("; ")
        .filter((cookie) => cookie.startsWith("postern-tx-"));
      const back = await bo.post(action.pathname, Object.fromEntries(fields), {
        cookie: shown.join("; "),
        origin: rehearsal.url,
      });
      expect(back.status).toBe(303);
      expect((await bo.session())?.user.roles).toContain("owner");
    });

    test("works for ten minutes, from the press on the button too", async () => {
      const { url } = await claimLink();
      const bo = newPerson();
      await press(bo, url);
      stage.passTime(10 * MINUTE);
      expect((await bo.request(url.pathname)).status).toBe(410);
      await bo.signIn("rehearsal", "bo");
      expect(await owners()).toEqual([]);
    });

    test("a suspended person does not get in by it, and it stays for somebody else", async () => {
      const bo = newPerson();
      await bo.signIn("rehearsal", "bo");
      await stage.office.door.users.suspend((await bo.session())?.user.id ?? "", ACTOR);
      const { url } = await claimLink();
      await press(bo, url);
      expect((await bo.signIn("rehearsal", "bo")).status).toBe(403);
      const grace = newPerson();
      await press(grace, url);
      await grace.signIn("rehearsal", "grace");
      expect(await owners()).toEqual(["Grace Holm"]);
    });
  });

  describe("with an owner", () => {
    test("is refused unless glass is to be broken, which everybody can see", async () => {
      const { person } = await becomeOwner();
      await expect(claimLink()).rejects.toMatchObject({ code: "owner_exists" });
      const { url } = await claimLink(true, "Bo has left");
      const grace = newPerson();
      await press(grace, url);
      await grace.signIn("rehearsal", "grace");
      expect((await owners()).sort()).toEqual(["Bo Lund", "Grace Holm"]);
      expect((await allEvents(stage)).filter(({ action }) => action === "break_glass.used")).toMatchObject([
        { actor: (await grace.session())?.user.id, detail: { createdBy: ACTOR, reason: "Bo has left" } },
      ]);
      expect(await (await person.request("/auth/account")).text()).toContain("Bo has left");
    });

    test("signs that owner in without the provider, once", async () => {
      const { id, person } = await becomeOwner();
      await person.post("/auth/sign-out");
      await stage.endProvider();
      const { url } = await create({ userId: id }, ACTOR, "provider is down");
      const again = newPerson();
      const pressed = await press(again, url);
      expect(pressed.headers.get("location")).toBe("/auth/account");
      expect(await again.session()).toMatchObject({ user: { id }, session: { provider: "owner-link" } });
      expect((await again.request("/admin")).status).toBe(200);
      const [event] = (await allEvents(stage)).filter(({ action }) => action === "break_glass.used");
      expect(event).toMatchObject({
        actor: id,
        target: (await again.session())?.session.id,
        detail: { createdBy: ACTOR, reason: "provider is down" },
      });
      expect((await newPerson().request(url.pathname)).status).toBe(410);
      const token = url.pathname.split("/").at(-1) ?? "";
      expect((await newPerson().post("/auth/owner-link", { token })).status).toBe(410);
    });

    test("of twenty who press at once, one comes in", async () => {
      const { id } = await becomeOwner();
      const { url } = await create({ userId: id }, ACTOR);
      const token = url.pathname.split("/").at(-1) ?? "";
      const people = Array.from({ length: 20 }, newPerson);
      const answers = await Promise.all(people.map((one) => one.post("/auth/owner-link", { token })));
      expect(answers.map(({ status }) => status).filter((status) => status === 303)).toHaveLength(1);
      const sessions = await Promise.all(people.map((one) => one.session()));
      expect(sessions.filter((one) => one !== null)).toHaveLength(1);
    });

    test("is only for an owner who is active and has a way in, when it is made and when it is used", async () => {
      const { id } = await becomeOwner();
      const grace = newPerson();
      await grace.signIn("rehearsal", "grace");
      const graceId = (await grace.session())?.user.id ?? "";
      await expect(create({ userId: graceId }, ACTOR)).rejects.toMatchObject({ code: "not_usable_owner" });
      await expect(create({ userId: "usr_none" }, ACTOR)).rejects.toMatchObject({ code: "not_usable_owner" });

      const { users } = stage.office.door;
      await users.grant(graceId, "owner", ACTOR);
      const { url } = await create({ userId: id }, ACTOR);
      await users.suspend(id, ACTOR);
      expect((await press(newPerson(), url)).status).toBe(410);
      await expect(create({ userId: id }, ACTOR)).rejects.toMatchObject({ code: "not_usable_owner" });
    });

    test("the banner stays until another owner has reviewed it", async () => {
      const { id, person: bo } = await becomeOwner();
      const grace = newPerson();
      await grace.signIn("rehearsal", "grace");
      await stage.office.door.users.grant((await grace.session())?.user.id ?? "", "owner", ACTOR);
      const kit = newPerson();
      await kit.signIn("rehearsal", "kit");
      await press(bo, (await create({ userId: id }, ACTOR, "provider is down")).url);

      const account = async (person: Person) => (await person.request("/auth/account")).text();
      const form = /action="(\/auth\/account\/break-glass\/olk_\w+\/review)"/;
      expect(await account(bo)).toContain("until another owner has reviewed it");
      expect(await account(bo)).not.toMatch(form);
      expect(await account(kit)).not.toContain("provider is down");
      const review = form.exec(await account(grace))?.[1] ?? "";
      expect(await account(grace)).toContain("Bo Lund");

      for (const person of [bo, kit]) expect((await person.post(review)).status).toBe(403);
      expect((await newPerson().post(review)).status).toBe(303);
      expect(await account(grace)).toContain("provider is down");
      expect((await grace.post(review)).headers.get("location")).toBe("/auth/account?reviewed");
      expect((await grace.post(review)).status).toBe(303);
      for (const person of [bo, grace]) expect(await account(person)).not.toContain("provider is down");
      expect((await actions()).filter((action) => action === "break_glass.reviewed")).toHaveLength(1);
    });
  });

  describe("its secret", () => {
    test("stands in the link and the form, and nowhere else", async () => {
      const { url } = await claimLink();
      const secret = url.pathname.split("/").at(-1) ?? "";
      expect(secret).toMatch(/^[\w-]{43}$/);
      const bo = newPerson();
      const shown = await bo.request(url.pathname);
      expect(shown.headers.get("cache-control")).toBe("no-store");
      expect(shown.headers.get("referrer-policy")).toBe("no-referrer");
      const pressed = await bo.post("/auth/owner-link", { token: secret });
      expect(pressed.headers.get("location")).not.toContain(secret);
      expect(await (await bo.request("/auth/sign-in")).text()).not.toContain(secret);
      const authorize = await bo.start("rehearsal");
      expect(authorize.href).not.toContain(secret);
      await bo.request(await bo.pick(authorize, "bo"));

      expect(JSON.stringify(await allEvents(stage))).not.toContain(secret);
      expect(stage.office.logged.join("\n")).not.toContain(secret);
      const raw = await openRawDatabase(stage.database);
      expect(JSON.stringify(await raw.rows("select * from postern_owner_links"))).not.toContain(secret);
      await raw.close();
    });

    test("cannot be guessed, nor be another secret of ours", async () => {
      const { person, id } = await becomeOwner();
      await create({ userId: id }, ACTOR);
      const session = /postern=([\w-]{43})/.exec(person.jar.header())?.[1] ?? "";
      expect(session).not.toBe("");
      for (const token of ["", "x", "a".repeat(43), session, `${session}%00`]) {
        expect((await newPerson().post("/auth/owner-link", { token })).status).toBe(410);
      }
      expect((await newPerson().post("/auth/owner-link")).status).toBe(410);
    });
  });
});
