import { expect, test } from "vitest";
import { type CachedSession, createSessionCache, type SessionCacheOptions } from "./session-cache.ts";

const principal = Object.freeze({
  user: { id: "", name: null, email: null, picture: null, roles: [], permissions: [] },
  session: { id: "", createdAt: "", lastSeenAt: "", expiresAt: "", provider: "" },
});

/** The session `n` of the user `n modulo 10`. */
function session(n: number): CachedSession {
  return { principal, sessionId: `ses_${n}`, userId: `usr_${n % 10}`, expiresAt: 1, lastSeenAt: 0 };
}

function filled(count: number, options: Partial<SessionCacheOptions> = {}) {
  const cache = createSessionCache({ changeCounter: () => 1, ...options });
  for (let n = 0; n < count; n++) cache.put(`hash-${n}`, session(n), cache.beginRead());
  return cache;
}

function found(cache: ReturnType<typeof filled>, count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => n).filter((n) => cache.get(`hash-${n}`) !== undefined);
}

test("when it is full the oldest goes, also after others have gone in between and when it began anew", () => {
  const cache = filled(5, { capacity: 5 });
  cache.put("hash-0", session(0), cache.beginRead());
  cache.forgetSession("ses_2");
  expect(cache.get("hash-2")).toBeUndefined();
  for (const n of [5, 6]) cache.put(`hash-${n}`, session(n), cache.beginRead());
  expect(found(cache, 7)).toEqual([0, 3, 4, 5, 6]);

  cache.clear();
  for (let n = 0; n < 1000; n++) cache.put(`hash-${n}`, session(n), cache.beginRead());
  expect(found(cache, 1000)).toEqual([995, 996, 997, 998, 999]);
});

test.each([1, 99, 100, 101, 250])("who was forgotten is read again, and nobody else: %i of them", (count) => {
  const cache = filled(1000);
  for (let n = 0; n < count; n++) cache.forgetSession(`ses_${n}`);
  expect(found(cache, 1000)).toEqual(Array.from({ length: 1000 - count }, (_, n) => n + count));
});

test("a user is forgotten with every session, and may come back at once", () => {
  const cache = filled(30);
  cache.forgetUser("usr_3");
  cache.put("hash-13", session(13), cache.beginRead());
  const others = Array.from({ length: 30 }, (_, n) => n).filter((n) => n % 10 !== 3);
  expect(found(cache, 30)).toEqual([...others, 13].sort((a, b) => a - b));
});

test("what was being read while somebody was forgotten is not kept", () => {
  const cache = filled(0);
  const mark = cache.beginRead();
  cache.forgetUser("usr_5");
  cache.put("hash-5", session(5), mark);
  expect(found(cache, 10)).toEqual([]);
});

test("a change in the store empties it within 200 ms, and what was being read by then is not kept", () => {
  let counter = 1;
  let time = 0;
  const cache = filled(3, { changeCounter: () => counter, monotonic: () => time });
  counter = 2;
  time = 199;
  expect(found(cache, 3)).toEqual([0, 1, 2]);
  const mark = cache.beginRead();
  time = 200;
  expect(found(cache, 3)).toEqual([]);
  cache.put("hash-1", session(1), mark);
  expect(found(cache, 3)).toEqual([]);
});

test("where nothing tells of changes an entry ends 900 ms after its read began", () => {
  let time = 0;
  const cache = createSessionCache({ changeCounter: null, monotonic: () => time });
  const mark = cache.beginRead();
  time = 500;
  cache.put("hash-0", session(0), mark);
  time = 899;
  expect(found(cache, 1)).toEqual([0]);
  time = 900;
  expect(found(cache, 1)).toEqual([]);
});
