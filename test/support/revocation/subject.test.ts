import { expect, test } from "vitest";
import { delayOf, newSubject, note } from "./subject.ts";

const WHO = { userId: "usr_1", sessionId: "ses_1", cookie: "postern=x" };

/** Ordered at 100 and done at 110; answers as they come, from which of two applications. */
function putOut(act: "suspend" | "demote", answers: readonly (readonly [number, number, number, number])[]) {
  const subject = newSubject({ ...WHO, act, origin: "process" }, 2);
  Object.assign(subject, { orderedAt: 100, returnedAt: 110 });
  for (const [office, sentAt, answeredAt, status] of answers)
    note(subject, office, { sentAt, answeredAt, status });
  return subject;
}

test("counts the last answer that let somebody in, anywhere, of what was asked for after they were out", () => {
  const subject = putOut("suspend", [
    [0, 90, 99, 200],
    [0, 109, 500, 200],
    [0, 120, 130, 401],
    [1, 150, 170, 200],
    [1, 180, 190, 401],
  ]);
  expect(delayOf(subject, [[], []])).toEqual({ asked: 40, answered: 60 });
  expect(subject.seen.map(({ before, refusedAt }) => [before, refusedAt])).toEqual([
    [1, 130],
    [0, 190],
  ]);
  expect(subject.odd).toEqual([]);
});

test("whoever comes in again after a refusal was still in", () => {
  const subject = putOut("suspend", [
    [0, 120, 130, 401],
    [0, 2_200, 2_210, 200],
  ]);
  expect(delayOf(subject, [[], []])).toEqual({ asked: 2_090, answered: 2_100 });
});

test("what was sent to an application that stood still cannot have been decided before it went on", () => {
  const subject = putOut("suspend", [[1, 500, 3_150, 200]]);
  const pauses = [[], [{ from: 105, until: 3_105 }]];
  expect(delayOf(subject, pauses)).toEqual({ asked: 2_995, answered: 45 });
});

test("another refusal than the act's, and one before it, are told", () => {
  const subject = putOut("demote", [
    [0, 50, 60, 401],
    [0, 120, 130, 401],
    [1, 120, 130, 503],
    [1, 140, 150, 403],
  ]);
  expect(subject.odd).toEqual(['401 before "demote"', '401 after "demote"', '503 after "demote"']);
});
