import { afterEach, expect, test } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { startRedis } from "../support/redis.ts";
import {
  cutListening,
  killRedis,
  pauseOffice,
  pauseRedis,
  together,
} from "../support/revocation/disturbances.ts";
import { type Outcome, putManyOut } from "../support/revocation/put-many-out.ts";
import { openRevocationStage, type RevocationStage } from "../support/revocation/revocation-stage.ts";

/** How long somebody may still come in anywhere, in milliseconds: 99 of 100, and everybody. */
const USUALLY = 1_000;
const EVER = 2_000;
/** Milliseconds for which nobody who is out may come in again: longer than anything is believed. */
const WATCH = 1_000;

// The same at full size, with figures: npm run bench:revocation.

let stage: RevocationStage;
let endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.toReversed()) await end();
  endings = [];
});

async function open({ withRedis }: { readonly withRedis: boolean }): Promise<void> {
  const redis = withRedis ? await startRedis() : null;
  if (redis !== null) endings.push(() => redis.stop());
  stage = await openRevocationStage(await freshDatabase(), redis);
  endings.push(() => stage.close());
}

function expectInTime({ measured, odd }: Outcome, people: number): void {
  expect(odd).toEqual([]);
  expect(measured).toHaveLength(people);
  const delays = measured.map(({ asked }) => asked).toSorted((a, b) => a - b);
  expect(delays[Math.floor(delays.length * 0.99) - 1]).toBeLessThanOrEqual(USUALLY);
  expect(delays.at(-1)).toBeLessThanOrEqual(EVER);
}

test("three processes, 200 checks a second each: suspended, demoted, signed out or deleted, from one and by command", {
  timeout: 90_000,
}, async () => {
  await open({ withRedis: false });
  expectInTime(await putManyOut(stage, { byProcess: 6, byCommand: 1, watch: WATCH }), 28);

  const cut = await putManyOut(stage, { disturb: cutListening, byProcess: 6, byCommand: 0, watch: WATCH });
  expect(cut.disturbed).toBeGreaterThan(1);
  expectInTime(cut, 24);

  const paused = { disturb: pauseOffice, byProcess: 6, byCommand: 0, linger: 2_000, watch: WATCH };
  const outcome = await putManyOut(stage, paused);
  expect(outcome.disturbed).toBeGreaterThan(0);
  expectInTime(outcome, 24);
});

test("with Redis beside them, which is killed or stands still, also while nothing is told by PostgreSQL", {
  timeout: 90_000,
}, async () => {
  await open({ withRedis: true });
  for (const disturb of [killRedis, pauseRedis, together(killRedis, cutListening)]) {
    const outcome = await putManyOut(stage, { disturb, byProcess: 6, byCommand: 0, watch: WATCH });
    expect(outcome.disturbed).toBeGreaterThan(0);
    expectInTime(outcome, 24);
  }
});
