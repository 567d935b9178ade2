import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { apple } from "../../src/providers/apple.ts";
import { Person } from "../../src/testing/person.ts";
import { allEvents, ENGINES, openStage, PROVIDERS, type Stage, sessionCookieOf } from "../attacks/stage.ts";
import { startStepUp, stepUp } from "../support/step-up.ts";

const MINUTE = 60_000;

describe.each(ENGINES)("confirming that it is oneself (%s)", (engine) => {
  let stage: Stage;
  let bo: Person;
  beforeAll(async () => {
    stage = await openStage({ engine });
  });
  beforeEach(async () => {
    bo = new Person(stage.office.url);
    await bo.signIn("rehearsal", "bo");
  });
  afterAll(() => stage.close());

  test("the whole way: fresh, not fresh, page, provider, back to where they were", async () => {
    const before = await bo.session();
    const secret = bo.jar.get("postern");
    expect((await bo.request("/payroll/2026?month=11")).status).toBe(200);
    stage.passTime(10 * MINUTE);

    const asked = await bo.request("/payroll/2026?month=11");
    expect(asked.status).toBe(303);
    const location = asked.headers.get("location") ?? "";
    expect(location).toBe("/auth/step-up?return_to=%2Fpayroll%2F2026%3Fmonth%3D11");
    const page = await (await bo.request(location)).text();
    expect(page).toContain("Confirm that it is you");
    expect(page).toContain('action="/auth/step-up/rehearsal"');
    expect(page).not.toContain('action="/auth/step-up/github"');
    // Everything else stays open meanwhile.
    expect((await bo.request("/orders")).status).toBe(200);

    const authorize = await startStepUp(bo, "rehearsal", "/payroll/2026?month=11");
    expect(authorize.searchParams.get("prompt")).toBe("login");
    expect(authorize.searchParams.get("max_age")).toBe("60");
    const back = await bo.comeBack(await bo.choose(authorize, "bo"));
    expect(back.headers.get("location")).toBe("/payroll/2026?month=11");
    expect((await bo.request("/payroll/2026?month=11")).status).toBe(200);

    // The same session with the same end, and another secret.
    const after = await bo.session();
    expect(after?.session).toMatchObject({ id: before?.session.id, expiresAt: before?.session.expiresAt });
    expect(bo.jar.get("postern")).not.toBe(secret);
    const thief = new Person(stage.office.url);
    thief.jar.set("postern", secret ?? "");
    expect(await thief.session()).toBeNull();
    const [event] = await allEvents(stage);
    expect(event).toMatchObject({
      action: "step_up.succeeded",
      actor: after?.user.id,
      target: after?.session.id,
      detail: { provider: "rehearsal", proof: "auth_time" },
    });
  });

  test("is exact at its bound", async () => {
    const { id } = (await bo.session())?.session ?? {};
    const session = (await stage.office.door.sessions.ofUser((await bo.session())?.user.id ?? "")).find(
      (one) => one.id === id,
    );
    let now = 0;
    const clock = await stage.openOffice({ publicUrl: stage.office.url, now: () => now });
    const elsewhere = new Person(clock.url, { jar: bo.jar });
    const at = async (age: number) => {
      now = (session?.authenticatedAt ?? 0) + age;
      return (await elsewhere.request("/payroll")).status;
    };
    expect(await at(10 * MINUTE - 1)).toBe(200);
    expect(await at(10 * MINUTE)).toBe(303);
    // A clock that was set back keeps nobody fresh.
    expect(await at(-MINUTE - 1)).toBe(303);
    expect(await at(-MINUTE)).toBe(200);
  });

  test("a program is told with 403 where to send its person, and what is asked for", async () => {
    stage.passTime(11 * MINUTE);
    const answer = await bo.request("/payroll", {
      api: true,
      headers: { referer: `${stage.office.url}/wages` },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      code: "step_up_required",
      stepUpUrl: `${stage.office.url}/auth/step-up?return_to=%2Fwages`,
      maxAgeSeconds: 600,
    });
  });

  test.each(PROVIDERS)("signing in again with %s is as good", async (provider) => {
    stage.passTime(11 * MINUTE);
    await bo.signIn(provider, "bo");
    expect((await bo.request("/payroll")).status).toBe(200);
  });

  test("OAuth 2.0 has no time to show: there and back is what can be had, and the log says so", async () => {
    const grace = new Person(stage.office.url);
    await grace.signIn("github", "grace");
    stage.passTime(11 * MINUTE);
    const authorize = await startStepUp(grace, "github");
    expect(authorize.searchParams.has("max_age")).toBe(false);
    await grace.comeBack(await grace.choose(authorize, "grace"));
    expect((await grace.request("/payroll")).status).toBe(200);
    expect((await allEvents(stage))[0]).toMatchObject({ detail: { proof: "round_trip" } });
  });

  test("cancelled there, nothing has changed, and the button leads back to confirming", async () => {
    stage.passTime(11 * MINUTE);
    const secret = bo.jar.get("postern");
    const refused = await stepUp(bo, "rehearsal", "bo", { decision: "cancel" });
    expect(refused.status).toBe(403);
    const page = await refused.text();
    expect(page).toContain('action="/auth/step-up/rehearsal"');
    expect(page).not.toContain('action="/auth/sign-in/rehearsal"');
    expect(page).toContain("You are still signed in as <bdi>Bo Lund</bdi>.");
    expect(page).toContain('href="/auth/step-up?return_to=%2Fpayroll"');
    expect(page).toContain('href="/auth/account"');
    expect(bo.jar.get("postern")).toBe(secret);
    expect((await allEvents(stage))[0]).toMatchObject({
      action: "step_up.failed",
      reason: "access_denied_by_user",
      actor: (await bo.session())?.user.id,
    });
    expect((await bo.request("/payroll")).status).toBe(303);
  });

  test("the provider ends the session by the name that it has had there since", async () => {
    const door = `${stage.office.url}/auth/backchannel-logout/rehearsal`;
    const wish = { clientId: "back-office", persona: "bo", by: "sid" } as const;
    const former = await stage.rehearsal.logoutToken(wish);
    await stepUp(bo, "rehearsal", "bo");
    const tell = (token: string) =>
      fetch(door, { method: "POST", body: new URLSearchParams({ logout_token: token }) });
    // The one before it ends there because somebody has signed in anew: that is not the end of this session.
    expect((await tell(former)).status).toBe(200);
    expect(await bo.session()).not.toBeNull();
    expect((await tell(await stage.rehearsal.logoutToken(wish))).status).toBe(200);
    expect(await bo.session()).toBeNull();
  });

  test("signing out afterwards shows the provider the ID token of the session there", async () => {
    await stepUp(bo, "rehearsal", "bo");
    const out = await bo.request("/auth/sign-out", { method: "POST", api: true });
    const { endSessionUrl } = (await out.json()) as { endSessionUrl: string };
    const [, payload = ""] = (new URL(endSessionUrl).searchParams.get("id_token_hint") ?? "").split(".");
    const { sid } = JSON.parse(Buffer.from(payload, "base64url").toString());
    const token = await stage.rehearsal.logoutToken({ clientId: "back-office", persona: "bo", by: "sid" });
    expect(sid).toBe(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sid);
  });

  test("signed out there before coming back, they have confirmed nothing", async () => {
    const door = `${stage.office.url}/auth/backchannel-logout/rehearsal`;
    stage.passTime(11 * MINUTE);
    const secret = bo.jar.get("postern");
    const callback = await bo.choose(await startStepUp(bo, "rehearsal"), "bo");
    await stage.rehearsal.sendLogout(door, { clientId: "back-office", persona: "bo", by: "sid" });
    expect((await bo.comeBack(callback)).status).toBe(403);
    expect((await allEvents(stage))[0]).toMatchObject({
      action: "step_up.failed",
      detail: { cause: "signed_out_meanwhile" },
    });
    expect(bo.jar.get("postern")).toBe(secret);
    expect((await bo.request("/payroll")).status).toBe(303);
  });

  test("a dead provider leaves the session as it was", async () => {
    stage.passTime(11 * MINUTE);
    stage.rehearsal.misbehave("status-500", { times: 1 });
    const refused = await stepUp(bo, "rehearsal", "bo");
    expect(refused.status).toBe(503);
    expect(await bo.session()).not.toBeNull();
  });
});

test("a callback that is posted from another site, without the session's cookie", async () => {
  const stage = await openStage();
  const provider = apple({
    clientId: "com.example.web",
    teamId: "TEAM123456",
    keyId: "KEY1234567",
    privateKey: (await stage.rehearsal.applicationKeys.ec()).privateKey,
    baseUrl: stage.rehearsal.lookAlikes["form-post"],
  });
  const office = await stage.openOffice({ providers: [provider], owners: [] });
  const bo = new Person(office.url);
  await bo.signIn("apple", "bo");
  stage.passTime(11 * MINUTE);
  const callback = await bo.choose(await startStepUp(bo, "apple"), "bo");
  const before = bo.jar.get("postern");
  // As a browser does it: a cookie that is `Lax` stays at home when another site posts.
  bo.jar.delete("postern");
  const back = await bo.comeBack(callback);
  expect(back.status).toBe(303);
  expect(sessionCookieOf(back)).not.toBe(before);
  expect((await bo.request("/payroll")).status).toBe(200);
  await stage.close();
});
