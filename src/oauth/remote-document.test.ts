import { expect, test } from "vitest";
import { maxAgeOf, remoteDocument } from "./remote-document.ts";

const LIFETIME = { usual: 1_000, shortest: 500, longest: 5_000, stale: 10_000 };

function setUp(maxAge: number | null = null) {
  const state = { now: 1_000_000, loads: 0, broken: false };
  const load = async () => {
    state.loads += 1;
    if (state.broken) throw new Error(`load ${state.loads}`);
    return { value: state.loads, maxAge };
  };
  return { state, document: remoteDocument(load, LIFETIME, () => state.now) };
}

test("one fetch serves everybody who asks at once", async () => {
  const { state, document } = setUp();
  expect(await Promise.all(Array.from({ length: 50 }, () => document.get()))).toEqual(Array(50).fill(1));
  expect(state.loads).toBe(1);
});

test.each([
  [null, 1_000],
  [2_000, 2_000],
  [0, 500],
  [60_000, 5_000],
])("max-age %s is kept for %s", async (maxAge, kept) => {
  const { state, document } = setUp(maxAge);
  await document.get();
  state.now += kept - 1;
  expect(await document.get()).toBe(1);
  state.now += 1;
  expect(await document.get()).toBe(2);
});

test("a failure is not kept: the next caller tries again", async () => {
  const { state, document } = setUp();
  state.broken = true;
  await expect(document.get()).rejects.toThrow("load 1");
  await expect(document.get()).rejects.toThrow("load 2");
  state.broken = false;
  expect(await document.get()).toBe(3);
});

test("an old copy serves while fetching fails, up to its limit; meanwhile it is tried every ten seconds", async () => {
  const { state, document } = setUp();
  await document.get();
  state.broken = true;
  state.now += 1_000;
  expect(await document.get()).toBe(1);
  expect(await document.get()).toBe(1);
  expect(state.loads).toBe(2);
  state.now += 9_999;
  expect(await document.get()).toBe(1);
  expect(state.loads).toBe(2);
  state.now += 1;
  await expect(document.get()).rejects.toThrow("load 3");
});

test("it recovers by itself", async () => {
  const { state, document } = setUp();
  await document.get();
  state.broken = true;
  state.now += 1_000;
  await document.get();
  state.broken = false;
  state.now += 9_000;
  expect(await document.get()).toBe(1);
  state.now += 1_000;
  expect(await document.get()).toBe(3);
});

test("a clock that is set back makes nothing live longer", async () => {
  const { state, document } = setUp();
  await document.get();
  state.now -= 3_600_000;
  expect(await document.get()).toBe(2);
});

test.each([
  ["public, max-age=21600", 21_600_000],
  ["max-age=0", 0],
  ["s-maxage=5", null],
  ["max-age=99999999999999999999", null],
  ["max-age=-1", null],
  ["no-store", null],
])("%s", (value, expected) => {
  expect(maxAgeOf(new Response(null, { headers: { "cache-control": value } }))).toBe(expected);
});
