import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTokens } from "../support/expired-tokens.ts";
import {
  holdFirstRefresh,
  type Outcome,
  openRefreshHouse,
  type RefreshHouse,
  untilLeaseIsOver,
} from "./refresh-stage.ts";

const ANSWERED = Array.from({ length: 100 }, () => "answered ada@demo.example");
const GONE = Array.from({ length: 100 }, () => "403 token_gone code_invalid");

/** It may have stood still for longer than a question to the database may take: whoever had asked one is told so. */
const withoutStoodStill = (outcomes: readonly Outcome[]) =>
  outcomes.filter((one) => !/^503 (and a page|store_unavailable (connection|timeout)$)/.test(one));

describe.each(["sqlite", "postgres"])(
  "an expired token, 100 requests in each of 3 processes, on %s",
  (engine) => {
    let house: RefreshHouse;
    beforeAll(async () => {
      house = await openRefreshHouse(engine);
    });
    afterAll(() => house.close());

    test.each(["rehearsal", "google"] as const)(
      "%s sees one refresh, and all 300 succeed",
      async (provider) => {
        const { callAll, refreshes } = await house.begin(provider);
        const outcomes = await Promise.all(callAll());
        expect(outcomes).toEqual([ANSWERED, ANSWERED, ANSWERED]);
        expect(refreshes()).toBe(1);
      },
    );

    test.each(["rehearsal", "google"] as const)(
      "whoever refreshes at %s is killed before it gets there: the others go on",
      async (provider) => {
        const stage = await house.begin(provider);
        const { callAll, holder, refreshes, processes } = stage;
        const refresh = holdFirstRefresh(stage, provider);
        const calls = callAll();
        await refresh.arrived;
        const killed = await holder();
        await killed.kill();
        refresh.lose();
        const outcomes = await Promise.all(calls);
        const survivors = outcomes.filter((_, index) => processes[index] !== killed);
        expect(survivors).toEqual([ANSWERED, ANSWERED]);
        expect(refreshes()).toBe(2);
      },
    );

    test("killed between the answer and the write: where a refresh token can be used again, the others go on", async () => {
      const stage = await house.begin("google");
      const { callAll, holder, processes } = stage;
      const refresh = holdFirstRefresh(stage, "google");
      const calls = callAll();
      await refresh.arrived;
      const killed = await holder();
      killed.stop();
      await refresh.letPass();
      await killed.kill();
      const outcomes = await Promise.all(calls);
      expect(outcomes.filter((_, index) => processes[index] !== killed)).toEqual([ANSWERED, ANSWERED]);
    });

    test("killed between the answer and the write: where it is used up, people are told to sign in again", async () => {
      const stage = await house.begin("rehearsal");
      const { callAll, holder, processes, store, userId, refreshes } = stage;
      const refresh = holdFirstRefresh(stage, "rehearsal");
      const calls = callAll();
      await refresh.arrived;
      const killed = await holder();
      killed.stop();
      await refresh.letPass();
      await killed.kill();
      const outcomes = await Promise.all(calls);
      const told = outcomes.filter((_, index) => processes[index] !== killed).flat();
      // Whoever waits in the process that did not ask finds nothing kept any more.
      const plain = new Set([...GONE, "403 token_gone not_kept"]);
      expect(told.filter((outcome) => !plain.has(outcome))).toEqual([]);
      expect(refreshes()).toBe(2);
      expect(await readTokens(store, userId)).toEqual([]);
      const events = await store.audit.list({ action: "token.dropped", limit: 10 });
      expect(events).toMatchObject([{ target: userId, reason: "code_invalid", actor: "system" }]);
    });

    test("stopped for longer than its lease: another takes over, and what comes late does not win", async () => {
      const stage = await house.begin("google");
      const { callAll, holder, store, userId, refreshes } = stage;
      const refresh = holdFirstRefresh(stage, "google");
      const calls = callAll();
      await refresh.arrived;
      const stopped = await holder();
      stopped.stop();
      const index = stage.processes.indexOf(stopped);
      const others = await Promise.all(calls.filter((_, n) => n !== index));
      expect(others).toEqual([ANSWERED, ANSWERED]);
      const [winner] = await readTokens(store, userId);
      await refresh.letPass();
      stopped.resume();
      const late = withoutStoodStill((await calls[index]) ?? []);
      expect(late.length).toBeGreaterThan(0);
      expect(late).toEqual(ANSWERED.slice(0, late.length));
      expect(await readTokens(store, userId)).toEqual([winner]);
      expect(refreshes()).toBe(2);
    });

    test("stopped for longer than its lease where the token is used up: its answer is waited for, once", async () => {
      const stage = await house.begin("rehearsal");
      const { callAll, holder, refreshes } = stage;
      const refresh = holdFirstRefresh(stage, "rehearsal");
      const calls = callAll();
      await refresh.arrived;
      const stopped = await holder();
      stopped.stop();
      await refresh.letPass();
      await untilLeaseIsOver(stage);
      stopped.resume();
      expect(await Promise.all(calls)).toEqual([ANSWERED, ANSWERED, ANSWERED]);
      expect(refreshes()).toBe(1);
    });

    test("stopped for as long as it takes while its request is lost: another takes over, and all succeed", async () => {
      const stage = await house.begin("rehearsal");
      const { callAll, holder, store, userId, refreshes } = stage;
      const refresh = holdFirstRefresh(stage, "rehearsal");
      const calls = callAll();
      await refresh.arrived;
      const stopped = await holder();
      stopped.stop();
      const index = stage.processes.indexOf(stopped);
      expect(await Promise.all(calls.filter((_, n) => n !== index))).toEqual([ANSWERED, ANSWERED]);
      const [winner] = await readTokens(store, userId);
      refresh.lose();
      stopped.resume();
      const late = withoutStoodStill((await calls[index]) ?? []);
      expect(late.length).toBeGreaterThan(0);
      expect(late).toEqual(ANSWERED.slice(0, late.length));
      expect(await readTokens(store, userId)).toEqual([winner]);
      expect(refreshes()).toBe(2);
    });
  },
);
