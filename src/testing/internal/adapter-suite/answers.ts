import { describe, expect, test } from "vitest";
import { type OpenStage, signedIn, staged } from "./stage.ts";

/** What every adapter promises about the application's own answers. */
export function answerPromises(open: OpenStage): void {
  describe("the application's answers", () => {
    const stage = staged(open);

    test("keep their headers and cookies, and nobody stores them", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/orders");
      expect(answer.headers.get("x-application")).toBe("orders");
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
      expect(answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0])).toEqual([
        "visit=1",
        "seen=1",
        "tab=2",
      ]);
    });

    test("are not stored either when they owe nothing to the framework", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/bare");
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "private, no-store"]);
    });

    test("may say for themselves how they are stored", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/logo");
      expect(answer.headers.get("cache-control")).toBe("private, max-age=60");
    });

    test("come from the framework's error handling when a handler throws, and are not stored", async () => {
      const grace = await signedIn(stage(), "grace");
      const answer = await grace.request("/broken");
      expect([answer.status, await answer.text()]).toEqual([500, "handled: broken"]);
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
    });
  });
}
