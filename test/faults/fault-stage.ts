import { performance } from "node:perf_hooks";
import { expect } from "vitest";
import type { ErrorCode } from "../../src/index.ts";
import { github } from "../../src/providers/github.ts";
import { oidc } from "../../src/providers/oidc.ts";
import type { Endpoint } from "../../src/rehearsal/endpoints.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { expectRefused, type Observation, observe, openStage, type Stage } from "../attacks/stage.ts";
import { callbackOf, transactionCookies } from "../attacks/transaction.ts";
import { type BackOffice, SECRET } from "../support/back-office.ts";
import { type Canaries, canariesOfAttempt, findCanaries, textOfAnswer } from "../support/canaries.ts";

/** How long an answer may take at most, in milliseconds: the budget of one exchange and a little for ourselves. */
export const BUDGET = 10_500;

/** A stage whose provider will misbehave, and beside it a provider of another origin that does not. */
export interface FaultStage extends Stage {
  readonly healthy: Rehearsal;
}

export async function openFaultStage(): Promise<FaultStage> {
  const healthy = await startRehearsal();
  const client = { clientId: "back-office", clientSecret: "rehearsal-secret" };
  const stage = await openStage({
    providers: (url) => [
      // Asked at every sign-in, so that its faults count.
      oidc({ id: "rehearsal", name: "Rehearsal", issuer: url, userInfo: "always", ...client }),
      github({ baseUrl: `${url}/github`, ...client }),
      oidc({ id: "healthy", name: "Healthy", issuer: healthy.url, ...client }),
    ],
  });
  return {
    ...stage,
    healthy,
    async close() {
      await stage.close();
      await healthy.close();
    },
  };
}

/** The provider whose back channel an endpoint belongs to, by its id in the office. */
export function providerOf(endpoint: Endpoint): string {
  return endpoint.startsWith("github.") ? "github" : "rehearsal";
}

/** What came of a sign-in while something was broken. */
export interface FaultOutcome {
  readonly office: BackOffice;
  readonly person: Person;
  readonly seen: Observation;
  readonly canaries: Canaries;
  readonly milliseconds: number;
}

/**
 * A sign-in at a fresh instance, which knows nothing of the provider yet: everything works until `breakIt`, which is
 * called before the button is pressed when discovery is what breaks, and before the callback otherwise.
 */
export async function signInWhile(
  stage: Stage,
  provider: string,
  { at, breakIt }: { readonly at: "start" | "callback"; readonly breakIt: () => unknown },
): Promise<FaultOutcome> {
  const office = await stage.openOffice();
  const person = new Person(office.url);
  let act = () => person.post(`/auth/sign-in/${provider}`);
  let canaries: Canaries = {
    "the session secret of the server": SECRET,
    "the client secret": "rehearsal-secret",
  };
  if (at === "callback") {
    const callback = await callbackOf(person, provider, "bo");
    const [name = ""] = transactionCookies(person);
    canaries = canariesOfAttempt(SECRET, person.jar.get(name) ?? "", callback);
    act = () => person.request(callback);
  }
  await breakIt();
  const startedAt = performance.now();
  const seen = await observe({ ...stage, office }, act);
  return { office, person, seen, canaries, milliseconds: performance.now() - startedAt };
}

/** The promises that hold whatever was broken. */
export async function expectSafeFailure(
  outcome: FaultOutcome,
  expected: { readonly code: ErrorCode; readonly cause: string },
): Promise<void> {
  const { office, person, seen, canaries, milliseconds } = outcome;
  expectRefused(seen, expected);
  expect(milliseconds).toBeLessThan(BUDGET);
  expect(await person.session()).toBeNull();
  expect(transactionCookies(person)).toEqual([]);
  expectNoCanary(outcome, canaries);
  // During the fault everybody else comes in as ever.
  const other = new Person(office.url);
  expect((await other.signIn("healthy", "grace")).headers.get("location")).toBe("/");
  expect((await other.session())?.user.name).toBe("Grace Holm");
}

/** No secret of the attempt stands in its page, its headers, the log or the audit log. */
export function expectNoCanary(
  { office, seen }: Pick<FaultOutcome, "office" | "seen">,
  canaries: Canaries,
): void {
  const places = {
    answer: textOfAnswer(seen.response, seen.body),
    log: office.logged.join("\n"),
    "audit log": JSON.stringify(seen.events),
  };
  expect(findCanaries(places, canaries)).toEqual([]);
}
