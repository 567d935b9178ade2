import fc from "fast-check";
import { expect, test } from "vitest";
import { bringToPresent, countNow, newCount, untilRoom } from "./sliding-count.ts";

const WITHIN = 600_000;
const START = 1_000 * WITHIN;

test("what happened fades over the span after it", () => {
  const count = newCount(START, WITHIN);
  count.here = 60;
  expect(countNow(count, START + WITHIN - 1, WITHIN)).toBe(60);
  bringToPresent(count, START + WITHIN, WITHIN);
  expect(countNow(count, START + WITHIN, WITHIN)).toBe(60);
  expect(countNow(count, START + 1.5 * WITHIN, WITHIN)).toBe(30);
  bringToPresent(count, START + 2 * WITHIN, WITHIN);
  expect(countNow(count, START + 2 * WITHIN, WITHIN)).toBe(0);
});

test("a clock that is set back forgets nothing and keeps nothing longer", () => {
  const count = newCount(START, WITHIN);
  count.here = 60;
  const back = START - 24 * WITHIN;
  bringToPresent(count, back, WITHIN);
  expect(countNow(count, back, WITHIN)).toBe(60);
  bringToPresent(count, back + 2 * WITHIN, WITHIN);
  expect(countNow(count, back + 2 * WITHIN, WITHIN)).toBe(0);
});

test("there is room after the time that is told, and not a millisecond before", () => {
  const few = fc.integer({ min: 0, max: 300 });
  const moment = fc.integer({ min: 0, max: WITHIN - 1 });
  fc.assert(
    fc.property(few, few, few, fc.integer({ min: 1, max: 100 }), moment, (here, before, others, most, at) => {
      const now = START + at;
      const count = { ...newCount(now, WITHIN), here, hereBefore: before, elsewhere: others };
      const roomAt = (time: number) => {
        const then = { ...count };
        bringToPresent(then, time, WITHIN);
        const left = (then.span + 1) * WITHIN - time;
        // In whole numbers: a fraction that is nearly one must not decide.
        return then.hereBefore + then.elsewhereBefore === 0
          ? then.here + then.elsewhere < most
          : (then.hereBefore + then.elsewhereBefore) * left < (most - then.here - then.elsewhere) * WITHIN;
      };
      const wait = untilRoom(count, most, now, WITHIN);
      expect(roomAt(now)).toBe(wait === 0);
      expect(roomAt(now + wait)).toBe(true);
      if (wait > 0) expect(roomAt(now + wait - 1)).toBe(false);
    }),
  );
});
