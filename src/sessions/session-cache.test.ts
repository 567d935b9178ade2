import { expect, test } from "vitest";
import type { Principal } from "../model/principal.ts";
import type { ReadMark } from "../model/shared-memory.ts";
import { type Changed, countingSignals, NO_SIGNALS, type Signals } from "../model/signals.ts";
import { createHistogram } from "../operation/histogram.ts";
import { type CachedSession, createSessionCache, type SessionCacheOptions } from "./session-cache.ts";

const BEGINNING: ReadMark = { at: 0, epoch: 0 };

function entry(id: string, userId = "usr_1", { at, epoch } = BEGINNING): CachedSession {
  const principal = { user: { id: userId }, session: { id } } as Principal;
  return { principal, expiresAt: 0, lastSeenAt: 0, readAt: at, epoch };
}

/** A cache with a clock and a change counter that tests can move. */
function setUp(options: Partial<SessionCacheOptions> = {}) {
  const world = { now: 0, changes: 1, asked: 0 };
  const changeCounter = () => {
    world.asked++;
    return world.changes;
  };
  const cache = createSessionCache({
    signals: countingSignals(changeCounter, 0),
    monotonic: () => world.now,
    ...options,
  });
  const put = (hash: string, id: string, userId?: string) =>
    cache.put(hash, entry(id, userId, cache.beginRead()));
  return { world, cache, put };
}

test("without a change counter an entry ends before a second has passed since its read began", () => {
  const { world, cache } = setUp({ signals: NO_SIGNALS });
  const mark = cache.beginRead();
  world.now = 500; // the read took half a second: what it found may be as old as its beginning
  cache.put("a", entry("ses_1", "usr_1", mark));
  world.now = 899;
  expect(cache.get("a")?.principal.session.id).toBe("ses_1");
  world.now = 900;
  expect(cache.get("a")).toBeUndefined();
  expect(cache.size).toBe(0);
});

test("with a change counter an entry stays while nothing changes, and goes within 200 ms when something does", () => {
  const { world, cache, put } = setUp();
  put("a", "ses_1");
  world.now = 60_000;
  expect(cache.get("a")?.principal.session.id).toBe("ses_1");
  world.changes++;
  world.now += 199;
  expect(cache.get("a")).toBeDefined();
  world.now += 1;
  expect(cache.get("a")).toBeUndefined();
});

test("the counter is asked at most five times a second, however many requests there are", () => {
  const { world, cache, put } = setUp();
  put("a", "ses_1");
  world.asked = 0;
  for (world.now = 0; world.now < 1_000; world.now++) cache.get("a");
  expect(world.asked).toBeLessThanOrEqual(5);
});

test("a counter that cannot be read lets nobody in", () => {
  const { world, cache, put } = setUp();
  put("a", "ses_1");
  const broken = createSessionCache({
    signals: countingSignals(() => {
      if (world.now > 0) throw new Error("the database is gone");
      return 1;
    }, 0),
    monotonic: () => world.now,
  });
  broken.put("a", entry("ses_1", "usr_1", broken.beginRead()));
  world.now = 1_000;
  expect(() => broken.get("a")).toThrow("the database is gone");
  expect(() => broken.get("a")).toThrow("the database is gone");
  expect(cache.get("a")).toBeDefined();
});

test("what was read before something was forgotten is not kept", () => {
  const { cache } = setUp();
  const mark = cache.beginRead();
  cache.forgetUser("usr_1");
  cache.put("a", entry("ses_1", "usr_1", mark));
  expect(cache.get("a")).toBeUndefined();
});

test("what was being read when a change in the store emptied the cache is not kept", () => {
  const { world, cache } = setUp();
  const mark = cache.beginRead();
  world.changes++;
  world.now = 200;
  expect(cache.get("b")).toBeUndefined();
  cache.put("a", entry("ses_1", "usr_1", mark));
  expect(cache.get("a")).toBeUndefined();
});

test("forgetting takes a user's sessions, or one session, and leaves the others", () => {
  const { cache, put } = setUp();
  put("a", "ses_1", "usr_1");
  put("b", "ses_2", "usr_1");
  put("c", "ses_3", "usr_2");
  cache.forgetSession("ses_1");
  expect([cache.get("a"), cache.get("b")?.principal.session.id]).toEqual([undefined, "ses_2"]);
  cache.forgetUser("usr_1");
  expect([cache.get("b"), cache.get("c")?.principal.session.id]).toEqual([undefined, "ses_3"]);
  cache.clear();
  expect(cache.size).toBe(0);
});

test("what is put after the forgetting counts, also when very many have been forgotten", () => {
  const { cache, put } = setUp();
  put("old", "ses_old", "usr_old");
  cache.forgetUser("usr_old");
  put("new", "ses_new", "usr_old");
  for (let i = 0; i < 2_500; i++) cache.forgetUser(`usr_${i}_other`);
  expect([cache.get("old"), cache.get("new")?.principal.session.id]).toEqual([undefined, "ses_new"]);
  expect(cache.size).toBe(1);
});

test("it holds no more than its capacity, and drops what was put first", () => {
  const { cache, put } = setUp({ capacity: 2 });
  for (const name of ["a", "b", "c"]) put(name, `ses_${name}`);
  expect(cache.size).toBe(2);
  expect([
    cache.get("a"),
    cache.get("b")?.principal.session.id,
    cache.get("c")?.principal.session.id,
  ]).toEqual([undefined, "ses_b", "ses_c"]);
});

test("the oldest goes first also after others have left from the middle, come again, or all been cleared", () => {
  const { cache, put } = setUp({ capacity: 5 });
  const present = (names: string) => [...names].filter((name) => cache.get(name) !== undefined).join("");
  for (const name of "abcde") put(name, `ses_${name}`);
  put("a", "ses_a");
  cache.forgetSession("ses_c");
  expect(cache.get("c")).toBeUndefined();
  for (const name of "fg") put(name, `ses_${name}`);
  expect(present("abcdefg")).toBe("adefg");

  cache.clear();
  for (const name of "abcdefghij") put(name, `ses_${name}`);
  expect(present("abcdefghij")).toBe("fghij");
});

/** Signals whose proof tests can move, and that tell what tests say. */
function toldSignals(longest = 10_000) {
  const proof = { since: 0, until: 0 };
  let tell: (changed: Changed) => void = () => {};
  const signals: Signals = {
    look: () => proof,
    listen: (listener) => {
      tell = listener;
    },
    longest,
    heardAfter: createHistogram([1]),
    state: () => "proven",
  };
  return { proof, signals, tell: (changed: Changed) => tell(changed) };
}

test("an entry lives for as long as the proof moves on, and less than a second beyond it", () => {
  const { proof, signals } = toldSignals();
  const { world, cache, put } = setUp({ signals });
  put("a", "ses_1");
  world.now = 5_000;
  proof.until = 4_200;
  expect(cache.get("a")).toBeDefined();
  world.now = 4_200 + 899;
  expect(cache.get("a")).toBeDefined();
  world.now = 4_200 + 900;
  expect(cache.get("a")).toBeUndefined();
});

test("after a pause nothing is believed that was known before it, be the proof as long as it was", () => {
  const { proof, signals } = toldSignals();
  const { world, cache, put } = setUp({ signals });
  put("a", "ses_1");
  proof.until = 100;
  // The process was stopped for a minute. What was told meanwhile has not been read yet.
  world.now = 60_000;
  expect(cache.get("a")).toBeUndefined();
});

test("proof that began after an entry was read proves nothing about it", () => {
  const { proof, signals } = toldSignals();
  const { world, cache, put } = setUp({ signals });
  put("before", "ses_1");
  world.now = 500;
  // The channel was cut and is there again.
  proof.since = 300;
  proof.until = 500;
  put("after", "ses_2");
  world.now = 900;
  proof.until = 900;
  expect([cache.get("before"), cache.get("after")?.principal.session.id]).toEqual([undefined, "ses_2"]);
});

test("an entry ends after its longest time, whatever is proven", () => {
  const { proof, signals } = toldSignals(2_000);
  const { world, cache, put } = setUp({ signals });
  put("a", "ses_1");
  world.now = proof.until = 1_999;
  expect(cache.get("a")).toBeDefined();
  world.now = proof.until = 2_000;
  expect(cache.get("a")).toBeUndefined();
});

test("what is told is forgotten one by one, everything when nobody is named", () => {
  const { signals, tell } = toldSignals();
  const { cache, put } = setUp({ signals });
  put("a", "ses_1", "usr_1");
  put("b", "ses_2", "usr_2");
  put("c", "ses_3", "usr_3");
  tell(["usr_1", "ses_2"]);
  expect([cache.get("a"), cache.get("b"), cache.get("c")?.principal.session.id]).toEqual([
    undefined,
    undefined,
    "ses_3",
  ]);
  tell(null);
  expect(cache.get("c")).toBeUndefined();
});

test("what was being read when it was told of is not kept; what others were told of does not matter", () => {
  const { signals, tell } = toldSignals();
  const { cache } = setUp({ signals });
  const mark = cache.beginRead();
  tell(["usr_1"]);
  cache.put("a", entry("ses_1", "usr_1", mark));
  cache.put("b", entry("ses_2", "usr_2", mark));
  expect([cache.get("a"), cache.get("b")?.principal.session.id]).toEqual([undefined, "ses_2"]);
  // So many at once that the cache has lost count of whom.
  const second = cache.beginRead();
  tell(["usr_2"]);
  tell(Array.from({ length: 200 }, (_, n) => `usr_other_${n}`));
  cache.put("c", entry("ses_3", "usr_2", second));
  expect(cache.get("c")).toBeUndefined();
  // What was read before a telling and is kept is still forgotten by the next.
  tell(["ses_2"]);
  expect(cache.get("b")).toBeUndefined();
});
