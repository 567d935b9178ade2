import { expect, test } from "vitest";
import { brokenPromises, shortfalls } from "./under-load/report.ts";
import { underFaults } from "./under-load/under-faults.ts";

/** The small version of `npm run test:faults`. */
test("sign-ins while processes are killed, database and Redis restart and the provider answers half of the time", {
  timeout: 180_000,
}, async () => {
  const asked = { signIns: 240, faults: 4 };
  const report = await underFaults({ ...asked, sample: 20, limit: 120_000, seed: 7 });
  expect(brokenPromises(report)).toEqual([]);
  expect(shortfalls(report, asked)).toEqual([]);
  // It was in the middle of all of it.
  expect(report.faults).toMatchObject({ database: 1, redis: 1 });
  expect(report.faults.kill).toBeGreaterThan(1);
  expect(report.ends["let-in"]).toBeGreaterThan(10);
  expect(report.ends["503 provider_unavailable"]).toBeGreaterThan(10);
});
