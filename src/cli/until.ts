import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { readTime } from "./lifetime.ts";
import { printable } from "./printable.ts";

const DAY = 86_400_000;
/** The latest end that a role is given: whoever means longer means for good. */
const LONGEST = 3_660 * DAY;

/**
 * `--until` as a moment: `30d` from now, the end of a day in UTC (`2027-01-31`), or a time of RFC 3339. `undefined` = not
 * given. @throws CliFailure `invalid_argument`
 */
export function readUntil({ flags: { until } }: Pick<Invocation, "flags">, now: number): number | undefined {
  if (until === undefined) return undefined;
  const span = readTime(until, LONGEST);
  const end = span === null ? momentOf(until) : now + span;
  if (end > now && end <= now + LONGEST) return end;
  throw new CliFailure("invalid_argument", (words) => words.users.notAnEnd(printable(until)));
}

const DATE = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** NaN = it is none. A 30th of February would otherwise become one of March. */
function momentOf(text: string): number {
  const [, day = "", time] = DATE.exec(text) ?? [];
  const begins = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(begins) || new Date(begins).toISOString().slice(0, 10) !== day) return Number.NaN;
  return time === undefined ? begins + DAY : Date.parse(text);
}
