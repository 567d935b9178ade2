import { describe, expect, test } from "vitest";
import { Person } from "../../person.ts";
import { type OpenStage, staged } from "./stage.ts";

/** What every adapter promises about an application that is mounted below a prefix. */
export function prefixPromises(open: OpenStage): void {
  describe("below a prefix", () => {
    const mountPath = "/backoffice/auth";
    const stage = staged(open, { prefix: "/backoffice", options: { mountPath } });

    test("guards and doors know the whole path", async () => {
      const grace = new Person(stage().url, { mountPath });
      const turnedAway = await grace.request("/backoffice/admin?tab=2");
      const location = `${mountPath}/sign-in?return_to=%2Fbackoffice%2Fadmin%3Ftab%3D2`;
      expect(turnedAway.headers.get("location")).toBe(location);
      const back = await grace.signIn("rehearsal", "grace", { returnTo: "/backoffice/admin?tab=2" });
      expect(back.headers.get("location")).toBe("/backoffice/admin?tab=2");
      expect(await (await grace.request("/backoffice/admin")).text()).toBe("Welcome, Grace Holm");
      expect((await grace.session())?.user.email).toBe("grace@demo.example");
    });
  });
}
