import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InvitationWish } from "../../src/index.ts";
import { apple } from "../../src/providers/apple.ts";
import { pickPersonaByPost } from "../../src/rehearsal/pick-persona.ts";
import { CookieJar } from "../../src/testing/cookie-jar.ts";
import { Person } from "../../src/testing/person.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { ENGINES, expectRefused, observe, openStage, type Stage, sessionCookieOf } from "./stage.ts";

const HOUR = 60 * 60 * 1000;
const COOKIE = "postern-invitation";

describe.each(ENGINES)("invitations on %s", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine, options: { roles: { support: ["orders.read"] } } });
  });
  afterAll(() => stage.close());

  const invite = async (wish: Partial<InvitationWish> = {}, actor = "cli:root@host") => {
    const issued = await stage.office.door.invitations.create({ roles: ["support"], ...wish }, actor);
    const path = issued.link.pathname;
    return { ...issued, path, token: path.split("/").at(-1) ?? "", id: issued.invitation.id };
  };
  const stranger = () => new Person(stage.office.url);
  const state = async (id: string) => {
    const found = await stage.office.door.invitations.get(id);
    return { acceptedBy: found?.acceptedBy, revokedAt: found?.revokedAt };
  };
  const UNTOUCHED = { acceptedBy: null, revokedAt: null };

  test("the whole way: link, button, sign-in, role; the token is in nothing that follows", async () => {
    const { path, token, id } = await invite({ recipient: { email: "rehearsal:mallory@elsewhere.example" } });
    const mallory = stranger();
    const shown = await mallory.request(path);
    const body = await shown.text();
    expect(shown.status).toBe(200);
    expect(shown.headers.get("referrer-policy")).toBe("no-referrer");
    expect(shown.headers.get("cache-control")).toBe("no-store");
    expect(body).toContain("m…@elsewhere.example");
    expect(body).not.toContain("mallory");

    const accepted = await mallory.post(path);
    expect([accepted.status, accepted.headers.get("location")]).toEqual([303, "/auth/sign-in"]);
    const [cookie = ""] = accepted.headers.getSetCookie();
    expect(cookie).toMatch(/^postern-invitation=v1\..*; Path=\/; Max-Age=1800; HttpOnly; SameSite=Lax$/);
    expect(await (await mallory.request("/auth/sign-in")).text()).toContain("accept your invitation");

    const back = await mallory.signIn("rehearsal", "mallory", { returnTo: "/orders" });
    expect(back.headers.get("location")).toBe("/orders");
    expect(back.headers.getSetCookie().join("\n")).toContain(`${COOKIE}=; Path=/; Max-Age=0`);
    expect((await mallory.session())?.user.roles).toEqual(["support"]);
    expect((await state(id)).acceptedBy).toBe((await mallory.session())?.user.id);

    const told = JSON.stringify(await stage.office.door.audit.list({ limit: 1000 }));
    for (const place of [told, stage.office.logged.join("\n"), accepted.headers.get("location"), cookie])
      expect(place).not.toContain(token);
    await stage.office.door.users.delete((await mallory.session())?.user.id ?? "", "cli:root@host");
  });

  test("programs that look into mail use nothing up, and write nothing", async () => {
    const { path, id } = await invite();
    for (const method of ["GET", "HEAD", "GET", "OPTIONS", "PUT"]) {
      const { response, events } = await observe(stage, () => stranger().request(path, { method }));
      expect(events).toEqual([]);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(await state(id)).toEqual(UNTOUCHED);
    expect((await stranger().request(path)).status).toBe(200);
  });

  test.each([
    ["another site", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    ["a sandbox", { origin: "null", "sec-fetch-site": "cross-site" }],
    ["a sibling", { origin: "http://other.localhost", "sec-fetch-site": "same-site" }],
  ])("a form on %s accepts nothing", async (_, headers) => {
    const { path, id } = await invite();
    const victim = stranger();
    const response = await victim.post(path, {}, headers);
    expect([response.status, response.headers.getSetCookie()]).toEqual([403, []]);
    await victim.signIn("rehearsal", "bo");
    expect(await state(id)).toEqual(UNTOUCHED);
  });

  test("passed on to somebody else: they are told, it stays for whom it is", async () => {
    const { path, id } = await invite({ recipient: { handle: "github:umareyes" } });
    const mallory = stranger();
    await mallory.post(path);
    const finish = await mallory.pick(await mallory.start("github"), "mallory");
    const refused = await observe(stage, () => mallory.request(finish));
    expectRefused(refused, { code: "invite_not_for_you", cause: "other_handle" });
    expect(await state(id)).toEqual(UNTOUCHED);

    const uma = stranger();
    await uma.post(path);
    await uma.signIn("github", "uma");
    expect((await uma.session())?.user.roles).toContain("support");
  });

  test("replayed: the link, the cookie, and the way back", async () => {
    const { path } = await invite();
    const kit = stranger();
    await kit.post(path);
    const stolen = kit.jar.header();
    await kit.signIn("rehearsal", "kit");
    expect((await kit.session())?.user.roles).toContain("support");

    const link = await observe(stage, () => stranger().post(path));
    expect(link.response.status).toBe(409);
    expect(link.events).toMatchObject([{ action: "invitation.refused", reason: "invite_used" }]);
    expect(link.body).toContain(link.events[0]?.reference);

    const thief = stranger();
    const started = await thief.post("/auth/sign-in/rehearsal", {}, { cookie: stolen });
    const callback = await thief.pick(new URL(started.headers.get("location") ?? ""), "mallory");
    expectRefused(await observe(stage, () => thief.request(callback)), {
      code: "invite_used",
      cause: "accepted",
    });
  });

  test("a cookie of another kind, a forged one and an old one are none", async () => {
    const { path, token } = await invite();
    const accepted = stranger();
    await accepted.post(path);
    const sealed = accepted.jar.header().split(`${COOKIE}=`)[1]?.split(";")[0] ?? "";
    const begun = stranger();
    await begun.start("rehearsal");
    const transaction = /postern-tx-[^=]*=([^;]*)/.exec(begun.jar.header())?.[1] ?? "";
    expect(sealed).not.toBe("");
    expect(transaction).not.toBe("");
    for (const value of [token, transaction, `${sealed.slice(0, -2)}AA`, sealed.slice(1), ""]) {
      const mallory = stranger();
      const started = await mallory.post("/auth/sign-in/rehearsal", {}, { cookie: `${COOKIE}=${value}` });
      const callback = await mallory.pick(new URL(started.headers.get("location") ?? ""), "mallory");
      expectRefused(await observe(stage, () => mallory.request(callback)), {
        code: "not_allowed",
        cause: "no_rule",
      });
    }
    stage.passTime(HOUR);
    const late = await stranger().request("/auth/sign-in", { headers: { cookie: `${COOKIE}=${sealed}` } });
    expect(await late.text()).not.toContain("accept your invitation");
  });

  test("links that were cut, padded or written otherwise lead nowhere; a token of another kind neither", async () => {
    const { path, token } = await invite();
    const mallory = stranger();
    await mallory.signIn("rehearsal", "bo");
    const session = /postern=([^;]*)/.exec(mallory.jar.header())?.[1] ?? "";
    expect(session).not.toBe("");
    const swapped = token.replace(/[a-z]/g, (letter) => letter.toUpperCase());
    const wrong = [
      token.slice(0, -1),
      token.slice(1),
      `${token}=`,
      `${token}A`,
      `%20${token}`,
      swapped,
      session,
      "inv_1",
      "%00",
    ];
    for (const text of wrong) {
      for (const method of ["GET", "POST"]) {
        const response = await stranger().request(`/auth/invite/${text}`, { method });
        expect([text, method, response.status]).toEqual([text, method, 404]);
      }
    }
    expect((await stranger().request(path)).status).toBe(200);
  });

  test("dead ones answer alike: a page that says why, the right status, one event on the button", async () => {
    const { door } = stage.office;
    const [used, revoked, expired] = [await invite(), await invite(), await invite({ lifetime: 60_000 })];
    const nils = stranger();
    await nils.post(used.path);
    await nils.signIn("rehearsal", "nils");
    await door.invitations.revoke(revoked.id, "cli:root@host");
    stage.passTime(2 * 60_000);
    const unknown = `/auth/invite/${"A".repeat(43)}`;
    for (const [path, status, code, target] of [
      [unknown, 404, "invite_unknown", null],
      [used.path, 409, "invite_used", used.id],
      [revoked.path, 410, "invite_revoked", revoked.id],
      [expired.path, 410, "invite_expired", expired.id],
    ] as const) {
      const opened = await observe(stage, () => stranger().request(path));
      expect([opened.response.status, opened.events]).toEqual([status, []]);
      const pressed = await observe(stage, () => stranger().post(path));
      expect(pressed.response.status).toBe(status);
      expect(pressed.events).toMatchObject([{ action: "invitation.refused", reason: code, target }]);
      expect(pressed.body).toContain(pressed.events[0]?.reference);
      for (const { response, body } of [opened, pressed]) {
        expect(response.headers.get("cache-control")).toBe("no-store");
        expect(sessionCookieOf(response)).toBeNull();
        // Who was invited, and to what, is nobody's business any more.
        expect(body).not.toMatch(/support|nils/);
      }
      const asProgram = await stranger().request(path, { api: true });
      expect(await asProgram.json()).toMatchObject({ status, code });
    }
  });

  test("one that is left lying while its attempt begins dies with it: expired at the callback", async () => {
    const { path } = await invite({ lifetime: 60_000 });
    const mallory = stranger();
    await mallory.post(path);
    const callback = await mallory.pick(await mallory.start("rehearsal"), "mallory");
    stage.passTime(2 * 60_000);
    expectRefused(await observe(stage, () => mallory.request(callback)), {
      code: "invite_expired",
      cause: "expired",
    });
  });

  test("the log tells of a failure at its page, and not the token", async () => {
    const { path, token } = await invite();
    const broken = await stage.openOffice();
    const raw = await openRawDatabase(stage.database);
    await raw.rows("alter table postern_invitations rename to out_of_reach");
    const response = await new Person(broken.url).request(path);
    await raw.rows("alter table out_of_reach rename to postern_invitations");
    await raw.close();
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(broken.logged.join("\n")).toContain("/auth/invite/…");
    expect(broken.logged.join("\n")).not.toContain(token);
  });

  test("it counts too where the callback is posted from another site, which shows no Lax cookie", async () => {
    const { rehearsal } = stage;
    const provider = apple({
      clientId: "com.example.web",
      teamId: "TEAM123456",
      keyId: "KEY1234567",
      privateKey: (await rehearsal.applicationKeys.ec()).privateKey,
      baseUrl: rehearsal.lookAlikes["form-post"],
    });
    const posting = await stage.openOffice({ providers: [provider], owners: [] });
    const { path, id } = await invite();
    const mallory = new Person(posting.url);
    await mallory.post(path);
    const { action, fields } = await pickPersonaByPost(await mallory.start("apple"), "mallory");
    const cookies = mallory.jar.header().split("; ");
    const back = await mallory.post(action.pathname, Object.fromEntries(fields), {
      cookie: cookies.filter((cookie) => cookie.startsWith("postern-tx-")).join("; "),
      origin: rehearsal.url,
    });
    expect(back.status).toBe(303);
    expect((await mallory.session())?.user.roles).toEqual(["support"]);
    expect((await state(id)).acceptedBy).not.toBeNull();
  });

  test("begun in one browser, it is of no use in another", async () => {
    const { path, id } = await invite();
    const first = stranger();
    await first.post(path);
    const other = new Person(stage.office.url, { jar: new CookieJar() });
    await other.signIn("rehearsal", "mallory");
    expect(await other.session()).toBeNull();
    expect(await state(id)).toEqual(UNTOUCHED);
  });
});
