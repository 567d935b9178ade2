/** The longest pause that is believed, in milliseconds. */
const LONGEST = 24 * 60 * 60 * 1_000;

/**
 * How long an answer asks to wait, in milliseconds: `Retry-After` (RFC 9110 §10.2.3; seconds or a date), else a limit
 * that is used up (`X-RateLimit-Remaining: 0`) and when it begins anew. `null` = not told.
 */
export function retryAfter(headers: Headers, now: number): number | null {
  const wait = told(headers.get("retry-after"), now) ?? untilReset(headers, now);
  return wait === null ? null : Math.min(Math.max(wait, 0), LONGEST);
}

function told(value: string | null, now: number): number | null {
  if (value === null) return null;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : date - now;
}

/** Seconds since the epoch at most, seconds from now at some: nobody's limit begins anew in 1970. */
function untilReset(headers: Headers, now: number): number | null {
  const [remaining, reset] = ["remaining", "reset"].map(
    (name) => headers.get(`x-ratelimit-${name}`) ?? headers.get(`ratelimit-${name}`),
  );
  if (Number(remaining ?? Number.NaN) !== 0 || !/^\d+(\.\d+)?$/.test(reset ?? "")) return null;
  const seconds = Number(reset);
  return seconds > 1_000_000_000 ? seconds * 1_000 - now : seconds * 1_000;
}
