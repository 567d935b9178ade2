import { describe, expect, test } from "vitest";
import { Person } from "../../person.ts";
import { type OpenStage, signedIn, staged } from "./stage.ts";

/** What every adapter promises about guards. */
export function guardPromises(open: OpenStage): void {
  describe("guards", () => {
    const stage = staged(open);

    test("tell a program that nobody is signed in, and where to sign in", async () => {
      const answer = await new Person(stage().url).request("/orders", { api: true });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      expect(answer.headers.get("location")).toBeNull();
      expect(await answer.json()).toMatchObject({
        code: "authentication_required",
        signInUrl: `${stage().url}/auth/sign-in`,
      });
    });

    test("answer HEAD as they answer GET, without the body", async () => {
      const stranger = await new Person(stage().url).request("/admin?tab=2", { method: "HEAD" });
      expect(stranger.status).toBe(303);
      expect(stranger.headers.get("location")).toBe("/auth/sign-in?return_to=%2Fadmin%3Ftab%3D2");
      const grace = await signedIn(stage(), "grace");
      const known = await grace.request("/orders", { method: "HEAD" });
      expect([known.status, await known.text()]).toEqual([200, ""]);
      expect(known.headers.get("cache-control")).toBe("private, no-store");
    });

    test("show the user to the handler", async () => {
      const grace = await signedIn(stage(), "grace");
      expect(await (await grace.request("/orders", { api: true })).json()).toMatchObject({
        id: expect.stringMatching(/^usr_/),
        name: "Grace Holm",
        email: "grace@demo.example",
        roles: ["admin"],
      });
    });

    test("refuse a role that does not suffice: a page for people, a problem for programs", async () => {
      const bo = await signedIn(stage(), "bo");
      const page = await bo.request("/admin");
      expect([page.status, page.headers.get("content-type")]).toEqual([403, "text/html; charset=utf-8"]);
      expect(page.headers.get("cache-control")).toBe("no-store");
      const api = await bo.request("/admin", { api: true });
      expect(api.status).toBe(403);
      expect(await api.json()).toMatchObject({ code: "permission_denied" });
    });

    test("ask for the permission, not for the role", async () => {
      const bo = await signedIn(stage(), "bo");
      const refused = await bo.post("/orders/42/refund");
      expect(refused.status).toBe(403);
      const lead = await signedIn(stage(), "liwei");
      const refunded = await lead.post("/orders/42/refund");
      expect([refunded.status, await refunded.text()]).toEqual([200, "refunded"]);
    });

    test("let nobody pass who has lost every role", async () => {
      const kit = await signedIn(stage(), "kit");
      const id = (await kit.session())?.user.id ?? "";
      await stage().door.users.revoke(id, "member", "suite");
      const answer = await kit.request("/orders", { api: true });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "no_role" });
    });

    test("refuse what another site makes the browser send", async () => {
      const lead = await signedIn(stage(), "liwei");
      const foreign = { origin: "https://evil.example", "sec-fetch-site": "cross-site", accept: "*/*" };
      const answer = await lead.post("/orders/42/refund", {}, { ...foreign, "sec-fetch-mode": "cors" });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "cross_origin" });
    });

    test("refuse a WebSocket that a sibling host makes the browser open", async () => {
      const grace = await signedIn(stage(), "grace");
      const origin = "http://wiki.localhost";
      const headers = {
        origin,
        upgrade: "websocket",
        "sec-fetch-mode": "websocket",
        "sec-fetch-site": "same-site",
      };
      const answer = await grace.request("/orders", { api: true, headers });
      expect(answer.status).toBe(403);
      expect(await answer.json()).toMatchObject({ code: "cross_origin" });
    });
  });
}

/** What every adapter promises about guards that want a fresh sign-in. */
export function freshnessPromises(open: OpenStage): void {
  test("a guard that wants a fresh sign-in leads whoever signed in longer ago to confirm", async () => {
    let ahead = 0;
    const stage = await open({ options: { now: () => Date.now() + ahead } });
    const grace = await signedIn(stage, "grace");
    expect(await (await grace.request("/payroll")).text()).toBe("payroll");
    ahead = 10 * 60_000;
    const page = await grace.request("/payroll?month=11");
    expect(page.status).toBe(303);
    expect(page.headers.get("location")).toBe("/auth/step-up?return_to=%2Fpayroll%3Fmonth%3D11");
    const program = await grace.request("/payroll", { api: true });
    expect(program.status).toBe(403);
    expect(await program.json()).toMatchObject({ code: "step_up_required", maxAgeSeconds: 600 });
    expect((await grace.request("/orders")).status).toBe(200);
    await stage.close();
  });
}
