import { describe, expect, test } from "vitest";
import { Person } from "../../person.ts";
import { type OpenStage, signedIn, staged } from "./stage.ts";

/** What every adapter promises about signing in and out. */
export function signInPromises(open: OpenStage): void {
  describe("signing in and out", () => {
    const stage = staged(open);

    test("a page, the provider, back to that page, and out", async () => {
      const grace = new Person(stage().url);
      const turnedAway = await grace.request("/admin?tab=2&q=a%2Fb");
      expect(turnedAway.status).toBe(303);
      const signIn = "/auth/sign-in?return_to=%2Fadmin%3Ftab%3D2%26q%3Da%252Fb";
      expect(turnedAway.headers.get("location")).toBe(signIn);

      const page = await grace.request(signIn);
      expect(page.status).toBe(200);
      expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(await page.text()).toContain('action="/auth/sign-in/rehearsal"');

      const back = await grace.signIn("rehearsal", "grace", { returnTo: "/admin?tab=2&q=a%2Fb" });
      expect(back.headers.get("location")).toBe("/admin?tab=2&q=a%2Fb");
      expect(await (await grace.request("/admin")).text()).toBe("Welcome, Grace Holm");

      const out = await grace.post("/auth/sign-out");
      expect([out.status, out.headers.get("location")]).toEqual([303, "/auth/signed-out"]);
      expect((await grace.request("/admin")).status).toBe(303);
      expect(await grace.session()).toBeNull();
    });

    test("every cookie arrives, those of the application too", async () => {
      const person = new Person(stage().url);
      const started = await person.post("/auth/sign-in/rehearsal", { return_to: "/orders" });
      const names = started.headers.getSetCookie().map((cookie) => cookie.split("=", 1)[0]);
      expect(names).toContain("visit");
      expect(names).toContain("postern-browser");
      expect(names.filter((name) => name?.startsWith("postern-tx-"))).toHaveLength(1);
    });

    test("a page for everybody knows who is there", async () => {
      const grace = await signedIn(stage(), "grace");
      expect(await (await grace.request("/")).text()).toBe("Hello, Grace Holm");
      expect(await (await new Person(stage().url).request("/")).text()).toBe("Hello, stranger");
    });
  });
}
