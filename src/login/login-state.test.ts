import fc from "fast-check";
import { expect, test } from "vitest";
import { createSealer } from "../crypto/seal.ts";
import { browserMark, isRestart, issueState, wasIssuedTo } from "./login-state.ts";

const sealer = createSealer(["a-secret-for-tests-0123456789-abcdefgh"]);
const MARK = "AAAAAAAAAAAAAAAAAAAAAA";
const OTHER_MARK = "AAAAAAAAAAAAAAAAAAAAAB";

test.each([false, true])(
  "a state (second try: %s) is letters and digits, new each time, and tells its try",
  (again) => {
    const states = Array.from({ length: 100 }, () => issueState(sealer, MARK, again));
    expect(new Set(states).size).toBe(100);
    for (const state of states) {
      expect(state).toMatch(/^[0-9A-Za-z]{49}$/);
      expect(isRestart(state)).toBe(again);
      expect(wasIssuedTo(sealer, MARK, state)).toBe(true);
    }
  },
);

test("it is known to the browser it was issued to, and to no other", () => {
  const state = issueState(sealer, MARK, false);
  expect(wasIssuedTo(sealer, OTHER_MARK, state)).toBe(false);
  expect(wasIssuedTo(sealer, "", state)).toBe(false);
  expect(wasIssuedTo(sealer, null, state)).toBe(false);
});

test("a rotated secret still knows what it issued; one that is taken away does not", () => {
  const state = issueState(sealer, MARK, false);
  const newer = "another-secret-for-tests-0123456789-xyz";
  const rotated = createSealer([newer, "a-secret-for-tests-0123456789-abcdefgh"]);
  expect(wasIssuedTo(rotated, MARK, state)).toBe(true);
  expect(wasIssuedTo(createSealer([newer]), MARK, state)).toBe(false);
});

test("no character of it can be changed: a first try is never passed off as a second, nor the reverse", () => {
  const state = issueState(sealer, MARK, true);
  for (let at = 0; at < state.length; at++) {
    for (const character of ["f", "r", "0", "Z"]) {
      const changed = state.slice(0, at) + character + state.slice(at + 1);
      expect(wasIssuedTo(sealer, MARK, changed), changed).toBe(changed === state);
    }
  }
});

test("nothing else is one", () => {
  const anything = fc.oneof(fc.string(), fc.stringMatching(/^[fr][0-9A-Za-z]{48}$/));
  fc.assert(fc.property(anything, (text) => !wasIssuedTo(sealer, MARK, text)));
});

test("the mark of a browser is the one it has, unless that is none of ours", () => {
  expect(browserMark(`a=1; mark=${MARK}`, "mark")).toEqual({ mark: MARK, isNew: false });
  for (const cookies of [
    null,
    "",
    "mark=",
    "mark=short",
    `mark=${MARK}A`,
    `mark=${MARK}; mark=${OTHER_MARK}`,
  ]) {
    const { mark, isNew } = browserMark(cookies, "mark");
    expect(mark).toMatch(/^[\w-]{22}$/);
    expect(mark).not.toBe(MARK);
    expect(isNew).toBe(true);
  }
});
