import fc from "fast-check";
import { expect, test } from "vitest";
import { rfc3339 } from "./rfc3339.ts";

test("writes every moment as Date does", () => {
  const moments = fc.oneof(
    fc.integer({ min: -8.64e15, max: 8.64e15 }),
    fc.integer({ min: 0, max: 4e12 }),
    fc.constantFrom(0, -1, 999, 86_399_999, 86_400_000, 253_402_300_799_999, 253_402_300_800_000, 1.5),
  );
  fc.assert(
    fc.property(moments, (time) => rfc3339(time) === new Date(time).toISOString()),
    { numRuns: 20_000 },
  );
});

test("days in any order do not disturb each other", () => {
  const [today, later] = [Date.UTC(2026, 10, 23, 17, 20, 5, 7), Date.UTC(2026, 10, 30, 23, 59, 59, 999)];
  expect([today, later, today].map(rfc3339)).toEqual([
    "2026-11-23T17:20:05.007Z",
    "2026-11-30T23:59:59.999Z",
    "2026-11-23T17:20:05.007Z",
  ]);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 8.64e15 + 1])("%d is no moment", (time) => {
  expect(() => rfc3339(time)).toThrow(RangeError);
});
