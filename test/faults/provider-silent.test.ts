import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Endpoint } from "../../src/rehearsal/endpoints.ts";
import type { MisbehaviourMode } from "../../src/rehearsal/misbehaviours.ts";
import { Person } from "../../src/testing/person.ts";
import {
  BUDGET,
  expectSafeFailure,
  type FaultOutcome,
  type FaultStage,
  openFaultStage,
  providerOf,
  signInWhile,
} from "./fault-stage.ts";

/** Each takes the whole budget of ten seconds, so they happen all at once, each on a stage of its own. */
const CASES: readonly (readonly [MisbehaviourMode, Endpoint])[] = [
  ["never-answer", "discovery"],
  ["never-answer", "jwks"],
  ["never-answer", "token"],
  ["never-answer", "userinfo"],
  ["never-answer", "github.token"],
  ["never-answer", "github.emails"],
  ["drip", "discovery"],
  ["drip", "token"],
  ["drip", "github.user"],
];

interface Running {
  readonly stage: FaultStage;
  readonly outcome: Promise<FaultOutcome>;
}

const running = new Map<string, Running>();
beforeAll(async () => {
  for (const [mode, endpoint] of CASES) {
    const stage = await openFaultStage();
    const at = endpoint === "discovery" ? "start" : "callback";
    const breakIt = () => stage.rehearsal.misbehave(mode, { endpoint });
    const outcome = signInWhile(stage, providerOf(endpoint), { at, breakIt });
    // Told by the test that asks for it, and not as an unhandled rejection before.
    outcome.catch(() => {});
    running.set(`${mode} ${endpoint}`, { stage, outcome });
  }
});
afterAll(async () => {
  for (const { stage } of running.values()) await stage.close();
});

test.each(CASES)("%s at %s ends within the budget", async (mode, endpoint) => {
  const { stage, outcome } = running.get(`${mode} ${endpoint}`) as Running;
  await expectSafeFailure(await outcome, { code: "provider_unavailable", cause: "timeout" });
  stage.rehearsal.behave();
  const again = new Person((await outcome).office.url);
  expect((await again.signIn(providerOf(endpoint), "bo")).headers.get("location")).toBe("/");
});

test("the sign-in page waits two seconds for a provider that is silent, not ten", async () => {
  const stage = await openFaultStage();
  try {
    stage.rehearsal.misbehave("never-answer", { endpoint: "discovery" });
    const startedAt = performance.now();
    const page = await new Person(stage.office.url).request("/auth/sign-in");
    expect(page.status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(BUDGET / 3);
  } finally {
    await stage.close();
  }
});
