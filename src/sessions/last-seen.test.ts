import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../../test/support/open-runtime.ts";
import { SILENT_LOG } from "../model/log.ts";
import { createLastSeen } from "./last-seen.ts";

const MINUTE = 60_000;
const warned: { readonly fields: object; readonly message: string }[] = [];
const log = {
  ...SILENT_LOG,
  warn: (fields: object, message: string) => void warned.push({ fields, message }),
};

let office: TestRuntime;
beforeEach(async () => {
  warned.length = 0;
  office = await openTestRuntime();
});
afterEach(() => office.close());

async function newSession() {
  const { userId } = await office.signIn("member");
  const [session] = await office.runtime.store.sessions.ofUser(userId);
  if (session === undefined) throw new Error("there is no session");
  const lastSeenAt = async () => (await office.runtime.store.sessions.get(session.id))?.lastSeenAt;
  return { ...session, read: lastSeenAt };
}

test("a visit within a minute of the last one is not written, a later one is", async () => {
  const lastSeen = createLastSeen(office.runtime.store, log);
  const { id, lastSeenAt: before, read } = await newSession();
  expect(lastSeen.note(id, before, before + MINUTE - 1)).toBe(false);
  await lastSeen.flush();
  expect(await read()).toBe(before);

  expect(lastSeen.note(id, before, before + MINUTE)).toBe(true);
  expect(await read()).toBe(before);
  await lastSeen.close();
  expect(await read()).toBe(before + MINUTE);
});

test("visits are written together, each session's latest, and one that has ended stays ended", async () => {
  const lastSeen = createLastSeen(office.runtime.store, log);
  const [one, other, ended] = [await newSession(), await newSession(), await newSession()];
  lastSeen.note(one.id, one.lastSeenAt, one.lastSeenAt + MINUTE);
  lastSeen.note(one.id, one.lastSeenAt, one.lastSeenAt + 3 * MINUTE);
  lastSeen.note(other.id, other.lastSeenAt, other.lastSeenAt + 2 * MINUTE);
  lastSeen.note(ended.id, ended.lastSeenAt, ended.lastSeenAt + 2 * MINUTE);
  await office.runtime.store.transaction((tx) => tx.sessions.delete([ended.id]));
  await lastSeen.flush();
  expect(await one.read()).toBe(one.lastSeenAt + 3 * MINUTE);
  expect(await other.read()).toBe(other.lastSeenAt + 2 * MINUTE);
  expect(await ended.read()).toBeUndefined();
  expect(warned).toEqual([]);
});

test("a store that cannot write costs a warning and no request, and the next visit is written again", async () => {
  const { store } = office.runtime;
  let fails = true;
  const lastSeen = createLastSeen(
    {
      transaction: (work) => (fails ? Promise.reject(new Error("locked")) : store.transaction(work)),
    },
    log,
  );
  const { id, lastSeenAt: before, read } = await newSession();
  lastSeen.note(id, before, before + MINUTE);
  await lastSeen.flush();
  expect(warned).toMatchObject([
    { fields: { sessions: 1, apiKeys: 0 }, message: expect.stringContaining("last seen") },
  ]);
  fails = false;
  lastSeen.note(id, before, before + 2 * MINUTE);
  await lastSeen.flush();
  expect(await read()).toBe(before + 2 * MINUTE);
});

test("visits are gathered of as many sessions as a process keeps, and of more at a later visit", async () => {
  const lastSeen = createLastSeen(office.runtime.store, log);
  const { id, lastSeenAt: before, read } = await newSession();
  for (let n = 0; n < 20_000; n++) lastSeen.note(`ses_gone_${n}`, 0, MINUTE);
  expect(lastSeen.note(id, before, before + MINUTE)).toBe(false);
  await lastSeen.flush();
  expect(lastSeen.note(id, before, before + MINUTE)).toBe(true);
  await lastSeen.close();
  expect(await read()).toBe(before + MINUTE);
}, 60_000);
