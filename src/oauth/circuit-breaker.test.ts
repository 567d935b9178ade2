import { expect, test } from "vitest";
import { recordingLog } from "../../test/support/scripted-provider.ts";
import { createCircuitBreaker } from "./circuit-breaker.ts";

const ORIGIN = "https://sso.example.com";

function setUp() {
  const clock = { now: 1_000_000 };
  const log = recordingLog();
  const breaker = createCircuitBreaker({ now: () => clock.now, log });
  const fail = (times: number) => {
    for (let time = 0; time < times; time += 1) breaker.failed(ORIGIN);
  };
  return { clock, log, breaker, fail };
}

test("opens at the fifth failure in a row, for ten seconds, for that origin only", () => {
  const { clock, log, breaker, fail } = setUp();
  fail(4);
  expect(breaker.admits(ORIGIN)).toBe(true);
  fail(1);
  expect(breaker.admits(ORIGIN)).toBe(false);
  expect(breaker.admits("https://other.example.com")).toBe(true);
  clock.now += 9_999;
  expect(breaker.admits(ORIGIN)).toBe(false);
  expect(log.lines).toEqual([{ origin: ORIGIN, failures: 5, message: "The provider does not answer." }]);
});

test("a success in between starts the count anew", () => {
  const { breaker, fail } = setUp();
  fail(4);
  breaker.succeeded(ORIGIN);
  fail(4);
  expect(breaker.admits(ORIGIN)).toBe(true);
});

test("after ten seconds one call probes; its success closes, its failure opens again", () => {
  const { clock, log, breaker, fail } = setUp();
  fail(5);
  clock.now += 10_000;
  expect(breaker.admits(ORIGIN)).toBe(true);
  expect(breaker.admits(ORIGIN)).toBe(false);
  fail(1);
  clock.now += 9_999;
  expect(breaker.admits(ORIGIN)).toBe(false);
  clock.now += 1;
  expect(breaker.admits(ORIGIN)).toBe(true);
  breaker.succeeded(ORIGIN);
  expect(breaker.admits(ORIGIN)).toBe(true);
  expect(breaker.admits(ORIGIN)).toBe(true);
  expect(log.lines).toHaveLength(2);
});

test("tells whom it concerns: those who have asked since it began to fail, until it answers", () => {
  const { breaker } = setUp();
  for (let time = 0; time < 5; time += 1) breaker.failed(ORIGIN, "corp");
  const open = () => ["corp", "google"].filter((caller) => breaker.isOpenFor(caller));
  expect(open()).toEqual(["corp"]);
  breaker.admits("https://accounts.example", "google");
  expect(open()).toEqual(["corp"]);
  breaker.admits(ORIGIN, "google");
  expect(open()).toEqual(["corp", "google"]);
  breaker.succeeded(ORIGIN);
  expect(open()).toEqual([]);
});

test("a clock that is set back does not hold the circuit open", () => {
  const { clock, breaker, fail } = setUp();
  fail(5);
  clock.now -= 3_600_000;
  expect(breaker.admits(ORIGIN)).toBe(true);
});
