import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { freshDatabase } from "../support/postgres.ts";

describe.each(["sqlite", "postgres"])("a whole sign-in on %s", (engine) => {
  let rehearsal: Rehearsal;
  let office: BackOffice;

  beforeAll(async () => {
    rehearsal = await startRehearsal();
    const database = engine === "postgres" ? { database: await freshDatabase(inject("postgresUrl")) } : {};
    office = await startBackOffice({ rehearsalUrl: rehearsal.url, ...database });
  });
  afterAll(async () => {
    await office.close();
    await rehearsal.close();
  });

  test.each(["rehearsal", "github"])("with %s: guarded page, provider, back, page, out", async (provider) => {
    const ada = new Person(office.url);
    const turnedAway = await ada.request("/admin?tab=2");
    expect(turnedAway.status).toBe(303);
    expect(turnedAway.headers.get("location")).toBe("/auth/sign-in?return_to=%2Fadmin%3Ftab%3D2");

    const signInPage = await ada.request("/auth/sign-in?return_to=%2Fadmin%3Ftab%3D2");
    expect(signInPage.status).toBe(200);
    expect(await signInPage.text()).toContain(`action="/auth/sign-in/${provider}"`);

    const back = await ada.signIn(provider, "ada", { returnTo: "/admin?tab=2" });
    expect(back.status).toBe(303);
    expect(back.headers.get("location")).toBe("/admin?tab=2");

    const admin = await ada.request("/admin?tab=2");
    expect(admin.status).toBe(200);
    expect(await admin.text()).toContain("Ada Marsh");
    expect(admin.headers.get("cache-control")).toBe("private, no-store");
    expect((await ada.session())?.user.roles).toEqual(["member", "owner"]);

    const out = await ada.post("/auth/sign-out");
    expect(out.status).toBe(303);
    expect(out.headers.get("location")).toBe("/auth/signed-out");
    expect((await ada.request("/admin")).status).toBe(303);
    expect(await ada.session()).toBeNull();
  });

  test("the same person at two providers is two users, never joined by e-mail", async () => {
    const one = new Person(office.url);
    const other = new Person(office.url);
    await one.signIn("rehearsal", "bo");
    await other.signIn("github", "bo");
    expect((await one.session())?.user.email).toBe((await other.session())?.user.email);
    expect((await one.session())?.user.id).not.toBe((await other.session())?.user.id);
  });

  test("a role that does not suffice is told with 403, to people and to programs", async () => {
    const bo = new Person(office.url);
    await bo.signIn("rehearsal", "bo");
    const page = await bo.request("/admin");
    expect(page.status).toBe(403);
    expect(page.headers.get("content-type")).toContain("text/html");
    const api = await bo.request("/admin", { api: true });
    expect(api.status).toBe(403);
    expect(await api.json()).toMatchObject({ code: "permission_denied", status: 403 });
  });

  test("somebody whom no rule lets in gets the page for that, a reference, and no session", async () => {
    const mallory = new Person(office.url);
    const refused = await mallory.signIn("rehearsal", "mallory");
    expect(refused.status).toBe(403);
    const [reference] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await refused.text()) ?? [];
    expect(await mallory.session()).toBeNull();
    const events = await office.door.audit.list({ reference: reference ?? "", limit: 10 });
    expect(events).toMatchObject([{ action: "login.failed", reason: "not_allowed" }]);
  });
});
