import { describe, expect, test } from "vitest";
import { Person } from "../../person.ts";
import { type OpenStage, staged } from "./stage.ts";

/** What every adapter promises about the person's address. */
export function addressPromises(open: OpenStage): void {
  describe.each([
    [0, "127.0.0.1"],
    [1, "198.51.100.7"],
    [2, "203.0.113.9"],
  ])("with %i trusted proxies", (trustProxy, expected) => {
    const stage = staged(open, { options: { trustProxy } });

    test(`the person's address is ${expected}`, async () => {
      const bo = new Person(stage().url);
      const callback = await bo.pick(await bo.start("rehearsal"), "bo");
      const headers = { "x-forwarded-for": "192.0.2.1, 203.0.113.9, 198.51.100.7" };
      expect((await bo.request(callback, { headers })).status).toBe(303);
      const events = await stage().door.audit.list({ action: "login.succeeded", limit: 1 });
      expect(events.map(({ address }) => address)).toEqual([expected]);
    });
  });
}
