import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newEvent } from "../../src/audit/new-event.ts";
import { createHousekeepingWorker } from "../../src/housekeeping/housekeeping-worker.ts";
import {
  foreseeHousekeeping,
  type HousekeepingReport,
  keepHouse,
} from "../../src/housekeeping/keep-house.ts";
import type { PosternOptions } from "../../src/options.ts";
import { deleteUser } from "../../src/users/delete-user.ts";
import { grantRole } from "../../src/users/grant-role.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";
import { arrive, openVerbRuntime, type VerbRuntime } from "../support/verb-runtime.ts";

const DAY = 24 * 60 * 60 * 1_000;
const START = Date.UTC(2030, 0, 1);
const ACTOR = "cli:root@host";
const NOTHING = {
  sessions: 0,
  loginTransactions: 0,
  providerSignOuts: 0,
  logoutNotices: 0,
  limitCounts: 0,
  expiredRoles: 0,
  deletedUsers: 0,
  accessRequests: 0,
  invitations: 0,
  ownerLinks: 0,
  webhookMessages: 0,
  auditEvents: 0,
} satisfies HousekeepingReport;

describe.each(["sqlite", "postgres"])("housekeeping on %s", (engine) => {
  let now = START;
  let folder: ScratchFolder;
  let database: string;
  const closing: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    now = START;
    folder = scratchFolder();
    database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const close of closing.splice(0).reverse()) await close();
    folder.remove();
  });

  async function open(options: Partial<PosternOptions> = {}): Promise<VerbRuntime> {
    const access = [{ when: { emailDomain: "demo.example" }, then: "allow" }] as const;
    const runtime = await openVerbRuntime({ database, now: () => now, options: { access, ...options } });
    closing.push(() => runtime.store.close());
    return runtime;
  }
  const run = (runtime: VerbRuntime, pause = async () => true) =>
    keepHouse(runtime, { actor: "system", pause });
  const happened = (runtime: VerbRuntime, count: number) =>
    runtime.store.transaction(async (tx) => {
      for (let n = 0; n < count; n++)
        await tx.audit.insert(newEvent(now, { action: "login.failed", reason: `number ${n}` }));
    });
  const pruned = (runtime: VerbRuntime) => runtime.store.audit.list({ action: "audit.pruned", limit: 9 });

  test("an empty run removes nothing and tells nobody", async () => {
    const runtime = await open();
    await arrive(runtime, "ada");
    const before = await runtime.store.audit.list({ limit: 9 });
    expect(await run(runtime)).toEqual(NOTHING);
    expect(await runtime.store.audit.list({ limit: 9 })).toEqual(before);
  });

  test("what has had its time leaves, told beforehand to the number; what has not stays", async () => {
    const runtime = await open();
    for (const name of ["ada", "bo", "eve"]) await arrive(runtime, name);
    const [bo, eve] = [await idOf(runtime, "bo"), await idOf(runtime, "eve")];
    await grantRole(runtime, bo, "auditor", ACTOR, undefined, START + DAY);
    await deleteUser(runtime, eve, ACTOR);
    await runtime.store.transaction((tx) => tx.loginTransactions.consume("state", now));
    now += 40 * DAY;
    await arrive(runtime, "ada");
    now += 1;
    // The old one of Ada went when she came back.
    const expected = { ...NOTHING, sessions: 1, loginTransactions: 1, expiredRoles: 1, deletedUsers: 1 };
    expect(await foreseeHousekeeping(runtime)).toEqual(expected);
    expect(await run(runtime)).toEqual(expected);
    expect(await run(runtime)).toEqual(NOTHING);
    expect((await runtime.store.sessions.ofUser(await idOf(runtime, "ada"))).length).toBe(1);
    const told = (await runtime.store.audit.list({ limit: 3 })).map(({ action }) => action);
    expect(told.slice(0, 2).toSorted()).toEqual(["role.expired", "user.purged"]);
  });

  test("a session that is used stays until its end; one that is not goes when its idle time is over", async () => {
    const runtime = await open({ session: { idle: 60 * 60_000, absolute: 365 * DAY } });
    await arrive(runtime, "ada");
    await arrive(runtime, "bo");
    const ada = (await runtime.store.sessions.ofUser(await idOf(runtime, "ada")))[0]?.id ?? "";
    now += DAY;
    await runtime.store.transaction((tx) => tx.sessions.touch(ada, now));
    expect((await run(runtime))?.sessions).toBe(1);
    expect(await runtime.store.sessions.get(ada)).not.toBeNull();
  });

  test("events leave after their retention, with one event that says how many and up to when", async () => {
    const runtime = await open({ retention: { audit: 10 * DAY } });
    await happened(runtime, 700);
    now += 5 * DAY;
    await happened(runtime, 3);
    now += 6 * DAY;
    await happened(runtime, 2);
    expect((await run(runtime))?.auditEvents).toBe(700);
    const until = new Date(now - 10 * DAY).toISOString();
    expect(await pruned(runtime)).toMatchObject([{ actor: "system", detail: { removed: 700, until } }]);
    expect(await runtime.store.audit.list({ limit: 99 })).toHaveLength(6);
    await run(runtime);
    expect(await pruned(runtime)).toHaveLength(1);
  });

  test("null keeps them for ever", async () => {
    const runtime = await open({ retention: { audit: null } });
    await happened(runtime, 5);
    now += 9_000 * DAY;
    await happened(runtime, 1);
    expect((await foreseeHousekeeping(runtime)).auditEvents).toBe(0);
    expect(await run(runtime)).toEqual(NOTHING);
  });

  test("a clock that runs years ahead costs neither the log nor people, whatever is written by it", async () => {
    const runtime = await open();
    for (const name of ["ada", "bo"]) await arrive(runtime, name);
    await grantRole(runtime, await idOf(runtime, "ada"), "auditor", ACTOR, undefined, START + DAY);
    await deleteUser(runtime, await idOf(runtime, "bo"), ACTOR);
    await run(runtime);
    const before = await runtime.store.audit.list({ limit: 99 });
    now += 3_650 * DAY;
    await happened(runtime, 1);
    expect((await foreseeHousekeeping(runtime)).auditEvents).toBe(0);
    // The role is over, by this clock, and its event is written by it.
    expect(await run(runtime)).toMatchObject({ auditEvents: 0, deletedUsers: 0, expiredRoles: 1 });
    // Another process that starts by it.
    expect(await run(await open())).toMatchObject({ auditEvents: 0, deletedUsers: 0 });
    const kept = (await runtime.store.audit.list({ limit: 99 })).map(({ id }) => id);
    expect(kept).toEqual(expect.arrayContaining(before.map(({ id }) => id)));

    // When it is right again, everything leaves in its time.
    now = START + 31 * DAY;
    expect(await run(runtime)).toMatchObject({ deletedUsers: 0 });
    for (let days = 0; days < 31; days++) await run(runtime);
    expect(await runtime.store.deletedUsers.list({ since: 0, limit: 9 })).toEqual([]);
  });

  test("a clock that once was years behind holds nothing up", async () => {
    const runtime = await open({ retention: { audit: 10 * DAY } });
    await happened(runtime, 3);
    await run(runtime);
    now = 0;
    expect(await run(runtime)).toMatchObject({ auditEvents: 0 });
    now = START + 12 * DAY;
    let runs = 0;
    for (let removed = 0; removed < 3; runs++) removed += (await run(runtime))?.auditEvents ?? 0;
    expect(runs).toBe(12);
  });

  test("after a month in which nobody kept house it catches up, a day at each run", async () => {
    const runtime = await open({ retention: { audit: 10 * DAY } });
    await happened(runtime, 3);
    await run(runtime);
    now += 40 * DAY;
    let runs = 0;
    for (let removed = 0; removed < 3; runs++) removed += (await run(runtime))?.auditEvents ?? 0;
    expect(runs).toBe(11);
  });

  test("one that is stopped half-way leaves the rest, and what was removed is told of all the same", async () => {
    const runtime = await open({ retention: { audit: 10 * DAY } });
    await happened(runtime, 700);
    now += 11 * DAY;
    await happened(runtime, 1);
    let pauses = 0;
    const removed = await run(runtime, async () => ++pauses < 16);
    expect(removed?.auditEvents).toBeGreaterThan(0);
    expect(removed?.auditEvents).toBeLessThan(700);
    const rest = await run(runtime);
    expect((removed?.auditEvents ?? 0) + (rest?.auditEvents ?? 0)).toBe(700);
    const told = (await pruned(runtime)).map(({ detail }) => detail.removed);
    expect(told.toSorted()).toEqual([rest?.auditEvents, removed?.auditEvents].toSorted());
  });

  test("one that is killed half-way: the next one tells of both", async () => {
    const runtime = await open({ retention: { audit: 10 * DAY } });
    await happened(runtime, 60);
    now += 11 * DAY;
    await happened(runtime, 1);
    // As the last transaction of a process that did not live to tell of it.
    await runtime.store.transaction(async (tx) => {
      await tx.housekeeping.hold("somebody killed", -1);
      await tx.housekeeping.noteRemoved(
        await tx.housekeeping.remove({ kind: "audit_events", before: now - 10 * DAY }, 40),
      );
    });
    expect((await run(runtime))?.auditEvents).toBe(20);
    expect(await pruned(runtime)).toMatchObject([{ detail: { removed: 60 } }]);
  });

  test("one at a time: whoever comes while another is at it does nothing", async () => {
    const [here, there] = [await open(), await open()];
    let other: HousekeepingReport | null | undefined;
    const mine = await run(here, async () => {
      other ??= await run(there);
      return true;
    });
    expect([mine, other]).toEqual([NOTHING, null]);
    expect(await run(there)).toEqual(NOTHING);
  });

  test("whoever has lost the right stops, and removes nothing more", async () => {
    const here = await open();
    await arrive(here, "ada");
    now += 40 * DAY;
    let stolen = false;
    const removed = await run(here, async () => {
      if (stolen) return true;
      stolen = true;
      // As if this process had been stopped for so long that another one took over.
      const raw = await openRawDatabase(database);
      await raw.rows(
        "update postern_leases set owner = 'other', held_until = 9000000000000000 where 1 = 1 returning name",
      );
      await raw.close();
      return true;
    });
    // The sessions of before; and nothing after that.
    expect(removed).toEqual({ ...NOTHING, sessions: 1 });
  });

  test("the worker begins a minute after the start, and never after it was closed", async () => {
    const runtime = await open();
    await arrive(runtime, "ada");
    now += 40 * DAY;
    const old = () => runtime.store.housekeeping.count([{ kind: "sessions", before: now }], 9);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const worker = createHousekeepingWorker(runtime, () => 0);
    const unused = createHousekeepingWorker(runtime, () => 0);
    worker.start();
    unused.start();
    await unused.close();
    vi.advanceTimersByTime(60_000);
    expect(await old()).toBe(1);
    vi.advanceTimersByTime(1_000);
    // Ends with the transaction that is under way: the first one, which is about sessions.
    await worker.close();
    expect(await old()).toBe(0);
    await arrive(runtime, "bo");
    now += 40 * DAY;
    vi.advanceTimersByTime(10 * 60 * 60_000);
    expect(await old()).toBe(1);
  });

  test("the worker makes those quick to find who have come, within seconds", async () => {
    const runtime = await open();
    await arrive(runtime, "ada");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const worker = createHousekeepingWorker(runtime, () => 0);
    worker.start();
    const words = async () => {
      const raw = await openRawDatabase(database);
      const rows = await raw.rows("select word from postern_user_words where word like 'ada%'");
      await raw.close();
      return rows.length;
    };
    expect(await words()).toBe(0);
    vi.advanceTimersByTime(20_000);
    // Ends with the transaction that is under way.
    await worker.close();
    expect(await words()).toBeGreaterThan(0);
    expect(await runtime.store.transaction((tx) => tx.users.index(9))).toBe(0);
  });

  async function idOf(runtime: VerbRuntime, name: string): Promise<string> {
    const [found] = await runtime.store.users.find(`${name}@demo.example`);
    return found?.id ?? "";
  }
});
