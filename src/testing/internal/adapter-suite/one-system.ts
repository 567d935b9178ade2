import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Person } from "../../person.ts";
import { type OpenStage, signedIn, staged } from "./stage.ts";

/** What every adapter promises about several processes on one database. */
export function oneSystemPromises(open: OpenStage): void {
  describe("two processes on one database", () => {
    const folder = mkdtempSync(join(tmpdir(), "postern-adapter-shared-"));
    const wish = { options: { database: `file:${join(folder, "postern.db")}` } };
    const here = staged(open, wish);
    const there = staged(open, wish);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test("are one system: in here is in there, out here is out there within a second", async () => {
      const person = await signedIn(here(), "bo");
      const elsewhere = new Person(there().url, { jar: person.jar.copy() });
      expect((await elsewhere.session())?.user.email).toBe("bo@demo.example");

      expect((await person.post("/auth/sign-out")).status).toBe(303);
      await expectSignedOutWithinASecond(elsewhere);
    });
  });
}

/** Asks until the session is gone. What counts is when a question was asked that was still answered with yes. */
export async function expectSignedOutWithinASecond(person: Person): Promise<void> {
  const signedOutAt = performance.now();
  for (;;) {
    const askedAt = performance.now();
    if ((await person.session()) === null) return;
    expect(
      askedAt - signedOutAt,
      "milliseconds after which a session that had ended was let in",
    ).toBeLessThan(1000);
  }
}
