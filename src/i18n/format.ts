import type { Locale } from "./locale.ts";

const DAY = 24 * 60 * 60 * 1000;

/**
 * A point in time for people: relative up to seven days back, then the date. Times are milliseconds since the epoch;
 * the server does not know the reader's zone, so whatever is absolute is UTC.
 */
export function formatMoment(locale: Locale, at: number, now: number): string {
  const age = now - at;
  return age < 7 * DAY && age > -DAY ? formatAge(locale, Math.max(0, age)) : formatDate(locale, at);
}

/** `23 Nov 2026, 22:58:21 UTC` or `2026-11-23 22:58:21 UTC`. */
export function formatDateTime(locale: Locale, at: number): string {
  const time = new Date(at).toISOString().slice(11, 19);
  return `${formatDate(locale, at)}${locale === "en" ? "," : ""} ${time} UTC`;
}

/** `23 Nov 2026` or `2026-11-23`, in UTC. */
export function formatDate(locale: Locale, at: number): string {
  if (locale === "zh-CN") return new Date(at).toISOString().slice(0, 10);
  const month = new Intl.DateTimeFormat("en-US", { month: "short", timeZone: "UTC" }).format(at);
  return `${new Date(at).getUTCDate()} ${month} ${new Date(at).getUTCFullYear()}`;
}

/** What `<time datetime>` wants: RFC 3339 in UTC, to the second. */
export function machineTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** `2 hours ago`, `2小时前`; `yesterday` and `昨天`; below a minute `now` and `现在`. */
function formatAge(locale: Locale, age: number): string {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const minutes = Math.floor(age / 60_000);
  if (minutes < 1) return relative.format(0, "second");
  if (minutes < 60) return relative.format(-minutes, "minute");
  if (minutes < 24 * 60) return relative.format(-Math.floor(minutes / 60), "hour");
  return relative.format(-Math.floor(age / DAY), "day");
}
