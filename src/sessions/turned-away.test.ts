import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { PosternError } from "../errors.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { Store } from "../model/store.ts";
import { createTurnedAway } from "./turned-away.ts";

const warned: object[] = [];
const log = { ...SILENT_LOG, warn: (fields: object) => void warned.push(fields) };
const session = (id: string, provider = "old") => ({ id, userId: "usr_1", provider });

let office: TestRuntime;
beforeEach(async () => {
  warned.length = 0;
  office = await openTestRuntime();
});
afterEach(() => office.close());

const told = async () =>
  (await office.runtime.store.audit.list({ action: "session.refused", limit: 10 })).map(
    ({ target }) => target,
  );

test("each session is told of once, each provider warned of once", async () => {
  const turnedAway = createTurnedAway(office.runtime.store, log, office.runtime.now);
  expect([session("ses_1"), session("ses_1"), session("ses_2")].map(turnedAway.note)).toEqual([
    true,
    false,
    true,
  ]);
  await turnedAway.flush();
  expect(turnedAway.note(session("ses_1"))).toBe(false);
  expect(turnedAway.note(session("ses_3", "other"))).toBe(true);
  await turnedAway.flush();
  expect((await told()).toSorted()).toEqual(["ses_1", "ses_2", "ses_3"]);
  expect(warned).toEqual([{ provider: "old" }, { provider: "other" }]);
});

test("what could not be written is told of at the next visit", async () => {
  let fails = true;
  const { store } = office.runtime;
  const transaction: Store["transaction"] = (work) =>
    fails ? Promise.reject(new PosternError("store_unavailable", "gone")) : store.transaction(work);
  const turnedAway = createTurnedAway({ transaction }, log, office.runtime.now);
  turnedAway.note(session("ses_1"));
  await turnedAway.flush();
  expect(await told()).toEqual([]);
  fails = false;
  expect(turnedAway.note(session("ses_1"))).toBe(true);
  await turnedAway.flush();
  expect(await told()).toEqual(["ses_1"]);
});

test("however many come, what is remembered of them is bounded", () => {
  const turnedAway = createTurnedAway(office.runtime.store, log, office.runtime.now);
  const noted = Array.from({ length: 10_001 }, (_, index) => turnedAway.note(session(`ses_${index}`)));
  expect(noted.filter((one) => one)).toHaveLength(10_000);
});
