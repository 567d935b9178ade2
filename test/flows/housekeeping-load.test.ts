import { afterEach, describe, expect, test } from "vitest";
import { fillWithOldRows, measureHousekeeping } from "../support/measure-housekeeping.ts";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { openVerbRuntime } from "../support/verb-runtime.ts";

const ROWS = 4_000;

describe.each(["sqlite", "postgres"])("housekeeping beside everything else on %s", (engine) => {
  const folder = scratchFolder();
  afterEach(() => folder.remove());

  test("thousands of rows leave in small pieces, while people sign in and are signed in", async () => {
    const database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
    const access = [{ when: { emailDomain: "demo.example" }, then: "allow" }] as const;
    const runtime = await openVerbRuntime({ database, now: Date.now, options: { access } });
    await fillWithOldRows(database, ROWS);
    const { removed, pauses, during } = await measureHousekeeping(runtime, 200);
    await runtime.store.close();

    expect(removed).toMatchObject({ sessions: ROWS, auditEvents: ROWS });
    expect(pauses.length).toBeGreaterThan((2 * ROWS) / 500);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(10);
    // All of them came in and stayed in; how long it took is measured by `npm run bench:housekeeping`.
    expect(Math.min(during.checks.length, during.signIns.length)).toBeGreaterThan(0);
  }, 120_000);
});
