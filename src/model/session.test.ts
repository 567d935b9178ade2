import { expect, test } from "vitest";
import { isAhead, isExpired } from "./session.ts";

const HOUR = 60 * 60_000;
const NOW = Date.UTC(2030, 0, 1);

test.each([
  ["used a moment ago", { lastSeenAt: NOW - 1, expiresAt: NOW + 1 }, false],
  ["at its end", { lastSeenAt: NOW, expiresAt: NOW }, true],
  ["unused for the idle time", { lastSeenAt: NOW - 8 * HOUR, expiresAt: NOW + HOUR }, true],
  ["noted by a clock that is ahead", { lastSeenAt: NOW + 500 * HOUR, expiresAt: NOW + 600 * HOUR }, false],
])("by time, a session %s", (_, session, expired) => {
  expect(isExpired(session, { idle: 8 * HOUR }, NOW)).toBe(expired);
});

test("clocks differ by hours without harm, and by no more than a day", () => {
  expect([14, 24, 25].map((hours) => isAhead({ lastSeenAt: NOW + hours * HOUR }, NOW))).toEqual([
    false,
    false,
    true,
  ]);
});
