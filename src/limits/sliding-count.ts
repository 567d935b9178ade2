/**
 * How often one thing has happened, by spans of time that follow each other. The span before this one counts by the part
 * of it that is not yet a whole span ago, as if what happened in it had been spread evenly.
 */
export interface SlidingCount {
  /** Which span is the present one, counted from the epoch. */
  span: number;
  /** In this span and in the one before, on this instance. */
  here: number;
  hereBefore: number;
  /** The same on all the others, as far as they have told. */
  elsewhere: number;
  elsewhereBefore: number;
  /** What the others were last told of `here`. */
  told: number;
}

/** The count of something that has not happened yet. Times are milliseconds. */
export function newCount(now: number, within: number): SlidingCount {
  const span = Math.floor(now / within);
  return { span, here: 0, hereBefore: 0, elsewhere: 0, elsewhereBefore: 0, told: 0 };
}

/** Brings a count to the present. A clock that was set back takes everything along: nothing is forgotten, nor kept longer. */
export function bringToPresent(count: SlidingCount, now: number, within: number): void {
  const span = Math.floor(now / within);
  if (span > count.span) {
    const isNext = span === count.span + 1;
    count.hereBefore = isNext ? count.here : 0;
    count.elsewhereBefore = isNext ? count.elsewhere : 0;
    count.here = count.elsewhere = count.told = 0;
  }
  count.span = span;
}

/** Milliseconds until there is room for one more below `most`; 0 = now. Only for a count of the present. */
export function untilRoom(count: SlidingCount, most: number, now: number, within: number): number {
  const passed = now - count.span * within;
  const current = count.here + count.elsewhere;
  const before = count.hereBefore + count.elsewhereBefore;
  if (current < most) return Math.max(fadedBelow(most - current, before, within) - passed, 0);
  // What is counted now is what fades in the next span.
  return within - passed + fadedBelow(most, current, within);
}

/** How many milliseconds of a span must have passed until `many` that happened in the one before count for less than `room`. */
function fadedBelow(room: number, many: number, within: number): number {
  return many < room ? 0 : Math.floor((within * (many - room)) / many) + 1;
}

/** How many there have been in the span of time that ends now. Only for a count of the present. */
export function countNow(count: SlidingCount, now: number, within: number): number {
  const left = 1 - (now - count.span * within) / within;
  return count.here + count.elsewhere + (count.hereBefore + count.elsewhereBefore) * left;
}
