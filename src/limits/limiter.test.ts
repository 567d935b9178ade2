import { afterEach, beforeEach, expect, test } from "vitest";
import { type ScratchFolder, scratchFolder } from "../../test/support/scratch-folder.ts";
import { PosternError } from "../errors.ts";
import { checkLimitSettings, type LimitOptions } from "../model/limit-settings.ts";
import type { Store } from "../model/store.ts";
import { openStore } from "../storage/open-store.ts";
import { atAddress, byPerson } from "./counted.ts";
import { createCounts, MOST_COUNTS } from "./counts.ts";
import { LimitReached } from "./limit-reached.ts";
import { createLimiter, type Limiter } from "./limiter.ts";

const MINUTE = 60_000;
const START = Date.UTC(2030, 0, 1);
const OFFICE = atAddress("192.0.2.1");

let now = START;
let folder: ScratchFolder;
let store: Store;
const warnings: string[] = [];
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  now = START;
  warnings.length = 0;
  folder = scratchFolder();
  store = await open();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  folder.remove();
});

const log = {
  debug() {},
  info() {},
  warn: (_: object, text: string) => void warnings.push(text),
  error() {},
};

async function open(): Promise<Store> {
  const opened = await openStore(folder.database("postern.db"), { now: () => now, log });
  await opened.migrate();
  closing.push(() => opened.close());
  return opened;
}

/** One instance; without a store of its own on the shared one. */
function instance(
  limits: LimitOptions = { failures: 10, starts: 80 },
  shared: Pick<Store, "transaction" | "sharedMemory"> = store,
): Limiter {
  const settings = { limits: checkLimitSettings(limits, () => expect.unreachable()) };
  const limiter = createLimiter({ settings, store: shared, now: () => now, log });
  closing.push(() => limiter.close());
  return limiter;
}

const events = async () => (await store.audit.list({ limit: 100 })).toReversed();
const rows = async () => {
  const { openRawDatabase } = await import("../../test/support/raw-database.ts");
  const raw = await openRawDatabase(folder.database("postern.db"));
  return raw.rows("select * from postern_limit_counts").finally(() => raw.close());
};

function takeMany(limiter: Limiter, count: number, who = OFFICE): number {
  let admitted = 0;
  for (let n = 0; n < count; n++) if (limiter.reached("failures", who) === null) admitted++;
  return admitted;
}

test("so many are let through, the next one is told how long to wait, and after that there is room", () => {
  const limiter = instance();
  expect(takeMany(limiter, 15)).toBe(10);
  const error = limiter.reached("failures", OFFICE);
  expect(error).toBeInstanceOf(PosternError);
  expect(error).toMatchObject({ code: "rate_limited", reason: "failures" });
  const wait = error?.retryAfter ?? 0;
  expect(wait).toBeGreaterThan(10 * MINUTE);
  now += wait - 1;
  expect(limiter.reached("failures", OFFICE)).not.toBeNull();
  now += 1;
  expect(limiter.reached("failures", OFFICE)).toBeNull();
});

test("others are not refused with them, and a limit that is switched off counts nothing", () => {
  const limiter = instance({ failures: 10, keys: false });
  takeMany(limiter, 20);
  expect(limiter.reached("failures", atAddress("192.0.2.2"))).toBeNull();
  expect(limiter.reached("links", OFFICE)).toBeNull();
  for (let n = 0; n < 1_000; n++) limiter.take("keys", OFFICE);
});

test("IPv6 within one /64 is one address; an unknown address is none", () => {
  const limiter = instance();
  for (let n = 0; n < 10; n++) limiter.take("failures", atAddress(`2001:db8::${n.toString(16)}`));
  expect(() => limiter.take("failures", atAddress("2001:db8::ffff:1"))).toThrow(LimitReached);
  limiter.take("failures", atAddress("2001:db8:0:1::1"));
  for (let n = 0; n < 100; n++) limiter.take("failures", atAddress(null));
});

test("what comes to a good end does not count, in this span of time or the next", () => {
  const limiter = instance();
  for (let n = 0; n < 1_000; n++) {
    limiter.take("starts", OFFICE);
    if (n % 100 === 0) now += 4 * MINUTE;
    limiter.giveBack("starts", OFFICE);
  }
  // Nobody earns room for later by that.
  for (let n = 0; n < 50; n++) limiter.giveBack("starts", OFFICE);
  for (let n = 0; n < 80; n++) limiter.take("starts", OFFICE);
  expect(() => limiter.take("starts", OFFICE)).toThrow(LimitReached);
});

test("a clock that is set back lets nobody begin anew, and keeps nobody out for longer", () => {
  const limiter = instance();
  takeMany(limiter, 10);
  now -= 24 * 60 * MINUTE;
  const error = limiter.reached("failures", OFFICE);
  expect(error?.retryAfter).toBeLessThanOrEqual(20 * MINUTE);
  now += error?.retryAfter ?? 0;
  expect(limiter.reached("failures", OFFICE)).toBeNull();
});

test("however many addresses come, no more than so many are kept, the latest among them", () => {
  const counts = createCounts(() => now);
  for (let n = 0; n < 3 * MOST_COUNTS; n++) counts.of("starts", `address-${n}`).here = 5;
  expect(counts.size).toBe(MOST_COUNTS);
  expect(counts.find("starts", `address-${3 * MOST_COUNTS - 1}`)?.here).toBe(5);
  expect(counts.find("starts", "address-0")).toBeNull();
  // Another limit is not crowded out by it.
  counts.of("failures", "address-0").here = 9;
  for (let n = 0; n < 3 * MOST_COUNTS; n++) counts.of("starts", `other-${n}`).here = 5;
  expect(counts.find("failures", "address-0")?.here).toBe(9);
});

test("one event when it is reached, one with the number of refusals when it is over", async () => {
  const limiter = instance();
  takeMany(limiter, 50);
  const reference = limiter.reached("failures", OFFICE)?.reference;
  limiter.reached("arrivals", byPerson("usr_1", "192.0.2.9"));
  now += 9 * MINUTE;
  await limiter.settle();
  expect(limiter.reached("failures", OFFICE)?.reference).toBe(reference);
  now += MINUTE;
  await limiter.settle();
  await limiter.settle();
  expect(await events()).toMatchObject([
    {
      action: "limit.reached",
      reference,
      reason: "failures",
      address: "192.0.2.1",
      detail: { most: 10, withinSeconds: 600 },
    },
    {
      action: "limit.passed",
      reason: "failures",
      address: "192.0.2.1",
      detail: { refused: 42, reached: reference },
    },
  ]);
});

test("what has begun is told of when the instance ends", async () => {
  const limiter = instance({ callsOfPerson: 1 });
  for (let n = 0; n < 4; n++) limiter.reached("callsOfPerson", byPerson("usr_1", null));
  now += 1;
  await limiter.close();
  const about = { reason: "callsOfPerson", actor: "usr_1", target: "usr_1" };
  expect(await events()).toMatchObject([
    { ...about, action: "limit.reached" },
    { ...about, action: "limit.passed", detail: { refused: 3 } },
  ]);
});

test("many addresses that reach a limit do not fill the audit log", async () => {
  const limiter = instance({ failures: 1 });
  for (let n = 0; n < 3_000; n++) takeMany(limiter, 2, atAddress(`10.0.${n >> 8}.${n & 255}`));
  await limiter.close();
  expect((await store.audit.list({ limit: 1_000 })).length).toBe(400);
});

test("two instances on one database add up", async () => {
  const [here, there] = [instance(), instance(undefined, await open())];
  takeMany(here, 6);
  await here.share();
  takeMany(there, 1);
  await there.share();
  // The one that has shared last knows of both, the other one after it has shared again.
  expect(takeMany(there, 10)).toBe(3);
  await there.share();
  expect(takeMany(here, 1)).toBe(1);
  await here.share();
  expect(takeMany(here, 10)).toBe(0);
});

test("sharing again tells nothing twice, and what is given back is taken off there too", async () => {
  const [here, there] = [instance(), instance(undefined, await open())];
  for (let n = 0; n < 40; n++) here.take("starts", OFFICE);
  for (let n = 0; n < 5; n++) await here.share();
  for (let n = 0; n < 10; n++) there.take("starts", OFFICE);
  await there.share();
  for (let n = 0; n < 30; n++) there.take("starts", OFFICE);
  expect(() => there.take("starts", OFFICE)).toThrow(LimitReached);
  for (let n = 0; n < 40; n++) here.giveBack("starts", OFFICE);
  await here.share();
  there.giveBack("starts", OFFICE);
  await there.share();
  for (let n = 0; n < 41; n++) there.take("starts", OFFICE);
  expect(() => there.take("starts", OFFICE)).toThrow(LimitReached);
});

test("few sign-ins that begin are told to nobody: they write nothing", async () => {
  const limiter = instance();
  for (let n = 0; n < 9; n++) limiter.take("starts", atAddress(`198.51.100.${n}`));
  for (let n = 0; n < 9; n++) limiter.take("starts", OFFICE);
  await limiter.share();
  expect(await rows()).toEqual([]);
  limiter.take("starts", OFFICE);
  await limiter.share();
  expect(await rows()).toMatchObject([{ count: 10, expires_at: START + 20 * MINUTE }]);
});

test("without the others each goes by its own count, says so once, and adds up again afterwards", async () => {
  let down = true;
  const flaky: Pick<Store, "transaction" | "sharedMemory"> = {
    sharedMemory: null,
    transaction: (work) =>
      down ? Promise.reject(new Error("the database is gone")) : store.transaction(work),
  };
  const [here, there] = [instance(undefined, flaky), instance()];
  takeMany(here, 4);
  await here.share();
  await here.share();
  takeMany(here, 2);
  await here.share();
  expect(warnings).toEqual(["limits count by themselves: they could not be shared"]);
  expect(takeMany(here, 10)).toBe(4);
  down = false;
  now += 20 * MINUTE;
  takeMany(here, 8);
  await here.share();
  takeMany(there, 1);
  await there.share();
  expect(takeMany(there, 10)).toBe(1);
});

test("an attack with many addresses is shared in small batches, and most of it not at all", async () => {
  let statements = 0;
  const counting: Pick<Store, "transaction" | "sharedMemory"> = {
    sharedMemory: null,
    transaction: (work) => {
      statements++;
      return store.transaction(work);
    },
  };
  const limiter = instance({ failures: 10, allFailures: false }, counting);
  for (let n = 0; n < 5_000; n++) limiter.take("failures", atAddress(`10.0.${n >> 8}.${n & 255}`));
  await limiter.share();
  expect([statements, (await rows()).length]).toEqual([1, 100]);
});
