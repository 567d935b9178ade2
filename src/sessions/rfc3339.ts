const DAY = 24 * 60 * 60 * 1_000;
/** The first moment that needs a fifth digit for its year. */
const YEAR_10000 = Date.UTC(10_000, 0, 1);
const ZERO = 0x30;
/** Sessions begin and end within a few weeks. */
const MOST_DAYS = 64;

const text = Buffer.from("yyyy-mm-ddThh:mm:ss.sssZ", "latin1");
const days = new Map<number, string>();

/**
 * A moment (milliseconds since the epoch) as RFC 3339 in UTC: what `Date` answers, at a third of its cost. Three of them
 * are needed whenever a session is read. @throws RangeError for what is no moment
 */
export function rfc3339(time: number): string {
  if (!(Number.isInteger(time) && time >= 0 && time < YEAR_10000)) return new Date(time).toISOString();
  const day = Math.floor(time / DAY);
  const milliseconds = time - day * DAY;
  const seconds = Math.floor(milliseconds / 1_000);
  const minutes = Math.floor(seconds / 60);
  text.write(dateOf(day), 0, "latin1");
  writeDigits(11, 2, Math.floor(minutes / 60));
  writeDigits(14, 2, minutes % 60);
  writeDigits(17, 2, seconds % 60);
  writeDigits(20, 3, milliseconds % 1_000);
  return text.toString("latin1");
}

/** `2026-11-23`, made once for each day. */
function dateOf(day: number): string {
  const known = days.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY).toISOString().slice(0, 10);
  if (days.size >= MOST_DAYS) days.clear();
  days.set(day, date);
  return date;
}

function writeDigits(start: number, count: number, value: number): void {
  let rest = value;
  for (let at = start + count - 1; at >= start; at--) {
    text[at] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}
