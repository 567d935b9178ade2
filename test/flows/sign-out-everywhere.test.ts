import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, observe, openStage, type Stage } from "../attacks/stage.ts";

const PATH = "/auth/account/sign-out-everywhere";
const HOUR = 3_600_000;

describe.each(ENGINES)("signing out everywhere (%s)", (engine) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  afterAll(() => stage.close());

  async function signedIn(persona = "bo"): Promise<Person> {
    const person = new Person(stage.office.url);
    await person.signIn("rehearsal", persona);
    expect(await person.session()).not.toBeNull();
    return person;
  }

  test("ends every session of the person, this one too, nobody else's, and asks for no confirmation", async () => {
    const [laptop, phone, grace] = [await signedIn(), await signedIn(), await signedIn("grace")];
    stage.passTime(HOUR);
    const { response, events } = await observe(stage, () => laptop.post(PATH));
    expect([response.status, response.headers.get("location")]).toEqual([303, "/auth/signed-out"]);
    expect(
      await Promise.all([laptop, phone, grace].map(async (one) => (await one.session()) !== null)),
    ).toEqual([false, false, true]);
    expect(events.map(({ action, reason }) => [action, reason])).toEqual([
      ["session.ended", "signed_out_everywhere"],
      ["session.ended", "signed_out_everywhere"],
    ]);
  });

  test("goes to the provider as an ordinary sign-out does, and says that it was everywhere", async () => {
    const bo = await signedIn();
    await bo.post(PATH);
    expect((await bo.request("/auth/signed-out")).headers.get("location")).toBe("/auth/signed-out/provider");
    const page = await (await bo.request("/auth/signed-out/provider")).text();
    expect(page).toContain("on this device and on every other one");
    const [, address = ""] = /content="0; url=([^"]*)"/.exec(page) ?? [];
    const back = await fetch(address.replaceAll("&amp;", "&"), { redirect: "manual" });
    const { pathname, search } = new URL(back.headers.get("location") ?? "");
    await bo.request(pathname + search);
    const last = await (await bo.request("/auth/signed-out")).text();
    expect(last).toContain("You are signed out at <bdi>Rehearsal</bdi> as well.");
    expect(last).toContain("on this device and on every other one");

    // The next ordinary sign-out says no more than what it did.
    await bo.signIn("rehearsal", "bo");
    await bo.post("/auth/sign-out");
    expect(await (await bo.request("/auth/signed-out/provider")).text()).not.toContain("every other one");
  });

  test("no silent way back: no stale tab begins a sign-in by itself", async () => {
    const bo = await signedIn();
    const tab = await bo.choose(await bo.start("rehearsal"), "bo");
    const answer = await bo.post(PATH);
    expect(answer.headers.getSetCookie().filter((line) => /Max-Age=0/i.test(line)).length).toBeGreaterThan(1);
    for (const name of bo.jar.names().filter((one) => one.includes("-tx-"))) bo.jar.delete(name);
    expect((await bo.comeBack(tab)).status).toBe(400);
    expect(await bo.session()).toBeNull();
  });

  test("another site's form ends nothing, and neither does a link", async () => {
    const bo = await signedIn();
    expect((await bo.post(PATH, {}, { origin: "https://evil.example" })).status).toBe(403);
    expect((await bo.request(PATH)).status).toBe(405);
    expect(await bo.session()).not.toBeNull();
  });

  test("who is not signed in is told so: nothing would have ended", async () => {
    const nobody = new Person(stage.office.url);
    const answer = await nobody.post(PATH);
    expect(answer.headers.get("location")).toMatch(/^\/auth\/sign-in/);
  });

  test("a program is told where to go on", async () => {
    const bo = await signedIn();
    const answer = await bo.post(PATH, {}, { accept: "application/json" });
    expect(await answer.json()).toMatchObject({ endSessionUrl: expect.stringContaining("/logout?") });
  });

  test("pressed on two devices at once: every session ends once", async () => {
    const [laptop, phone] = [await signedIn("liwei"), await signedIn("liwei")];
    const userId = (await laptop.session())?.user.id;
    const answers = await Promise.all([laptop.post(PATH), phone.post(PATH)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    const ended = (await allEvents(stage)).filter(
      ({ action, actor }) => action === "session.ended" && actor === userId,
    );
    expect(ended).toHaveLength(2);
  });
});
