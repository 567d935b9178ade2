import { expect, test } from "vitest";
import { isExpired } from "./session.ts";

const HOUR = 60 * 60_000;
const NOW = Date.UTC(2030, 0, 1);

test.each([
  ["used a moment ago", { lastSeenAt: NOW - 1, expiresAt: NOW + 1 }, false],
  ["at its end", { lastSeenAt: NOW, expiresAt: NOW }, true],
  ["unused for the idle time", { lastSeenAt: NOW - 8 * HOUR, expiresAt: NOW + HOUR }, true],
  [
    "noted by a clock that is some hours ahead",
    { lastSeenAt: NOW + 14 * HOUR, expiresAt: NOW + HOUR },
    false,
  ],
  [
    "opened by a clock that was weeks ahead",
    { lastSeenAt: NOW + 500 * HOUR, expiresAt: NOW + 900 * HOUR },
    true,
  ],
])("a session %s", (_, session, expired) => {
  expect(isExpired(session, { idle: 8 * HOUR }, NOW)).toBe(expired);
});
