import { describe, expect, it } from "vitest";
import { formatDate, formatDateTime, formatMoment, machineTime } from "./format.ts";

const NOW = Date.UTC(2026, 8, 23, 22, 58, 21);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("formatMoment", () => {
  it.each([
    [0, "now", "现在"],
    [59_999, "now", "现在"],
    [MINUTE, "1 minute ago", "1分钟前"],
    [59 * MINUTE, "59 minutes ago", "59分钟前"],
    [HOUR, "1 hour ago", "1小时前"],
    [DAY - 1, "23 hours ago", "23小时前"],
    [DAY, "yesterday", "昨天"],
    [6 * DAY, "6 days ago", "6天前"],
    [7 * DAY, "16 Sep 2026", "2026-09-16"],
    [300 * DAY, "27 Nov 2025", "2025-11-27"],
  ])("%d ms ago reads %s, %s", (age, en, zh) => {
    expect(formatMoment("en", NOW - age, NOW)).toBe(en);
    expect(formatMoment("zh-CN", NOW - age, NOW)).toBe(zh);
  });

  it("takes a clock that is slightly ahead for now", () => {
    expect(formatMoment("en", NOW + MINUTE, NOW)).toBe("now");
  });
});

describe("absolute times", () => {
  it("are in UTC and say so", () => {
    expect(formatDate("en", NOW)).toBe("23 Sep 2026");
    expect(formatDateTime("en", NOW)).toBe("23 Sep 2026, 22:58:21 UTC");
    expect(formatDateTime("zh-CN", NOW)).toBe("2026-09-23 22:58:21 UTC");
    expect(machineTime(NOW)).toBe("2026-09-23T22:58:21Z");
  });
});
