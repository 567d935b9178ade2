import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { scratchFolder } from "../support/scratch-folder.ts";
import { type House, openHouse } from "./lifecycle-model/house.ts";
import { expectPermitted, expectRefusal } from "./lifecycle-model/permitted.ts";
import { expectOpenDoor, expectSound } from "./lifecycle-model/sound.ts";
import { countUsableOwners, lookAt, type State } from "./lifecycle-model/state.ts";
import { OPENING, type Round, script, VERBS } from "./lifecycle-model/step.ts";
import { actorOf, take } from "./lifecycle-model/take.ts";
import { expectToldOnce } from "./lifecycle-model/told.ts";

/** More scripts, or others, for whoever has the time: `LIFECYCLE_SCRIPTS=5000 LIFECYCLE_SEED=7`. */
const { LIFECYCLE_SCRIPTS, LIFECYCLE_SEED = "20261123" } = process.env;
const SCRIPTS = { sqlite: 300, postgres: 40 } as const;
const SELDOM = ["reactivate", "revoke", "sweep", "revoke-invitation", "reopen"];
const PATIENCE = LIFECYCLE_SCRIPTS === undefined ? 240_000 : 24 * 60 * 60_000;

describe.each(["sqlite", "postgres"] as const)("any sequence of comings and goings on %s", (engine) => {
  const folder = scratchFolder();
  let house: House;
  beforeAll(async () => {
    house = await openHouse(
      engine === "postgres" ? await freshDatabase(inject("postgresUrl")) : folder.database("model.db"),
    );
  });
  afterAll(async () => {
    await house.close();
    folder.remove();
  });

  test("keeps its promises after every step", { timeout: PATIENCE }, async () => {
    const changed = new Set<string>();
    const numRuns = Number(LIFECYCLE_SCRIPTS ?? SCRIPTS[engine]);
    await fc.assert(
      fc.asyncProperty(script, (rounds) => play(house, [...OPENING, ...rounds], changed)),
      { numRuns, seed: Number(LIFECYCLE_SEED) },
    );
    // A step that never succeeds would prove nothing; those of SELDOM need longer runs.
    if (engine === "sqlite")
      expect(VERBS.filter((verb) => !changed.has(verb) && !SELDOM.includes(verb))).toEqual([]);
  });
});

/** `changed` is told which verbs have done something. */
async function play(house: House, rounds: readonly Round[], changed: Set<string>): Promise<void> {
  await house.empty();
  let state = await lookAt(house, "usual", []);
  for (const round of rounds) {
    state = { ...state, usableOwners: await countUsableOwners(house, round.setting) };
    state = await playRound(house, round, state, changed);
  }
  await expectOpenDoor(house, rounds.at(-1)?.setting ?? "usual", state);
}

async function playRound(house: House, round: Round, before: State, changed: Set<string>): Promise<State> {
  const { setting, steps } = round;
  const actors = steps.map((step) => actorOf(house, step));
  const settled = await Promise.allSettled(steps.map((step) => take(house, round, step)));
  for (const result of settled) if (result.status === "rejected") expectRefusal(result.reason);
  const after = await lookAt(house, setting, before.events);
  expectSound(before, after);

  const [step, second] = steps;
  const [result] = settled;
  if (step !== undefined && second === undefined && result !== undefined) {
    const refusal = result.status === "rejected" ? result.reason : null;
    expectPermitted(step, actors[0] ?? "", before, after, refusal);
    const outcome = result.status === "rejected" ? "refused" : result.value;
    expectToldOnce(before, after, outcome);
    const events = after.events.length - before.events.length;
    if (step.verb === "ask" ? events > 1 : outcome === "done" && (events > 0 || step.verb === "pass-time"))
      changed.add(step.verb);
  }
  return after;
}
