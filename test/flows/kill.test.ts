import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pickPersona } from "../../src/rehearsal/pick-persona.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import type { CookieJar } from "../../src/testing/cookie-jar.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOfficeProcess, spawnBackOffice } from "../support/back-office-process.ts";
import { contradictions } from "../support/contradictions.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";
import { below, seeded } from "../support/seeded.ts";

const PEOPLE = 200;

let folder: ScratchFolder;
let rehearsal: Rehearsal;
let office: BackOfficeProcess;

beforeEach(async () => {
  folder = scratchFolder();
  rehearsal = await startRehearsal();
});
afterEach(async () => {
  await office.kill();
  await rehearsal.close();
  folder.remove();
});

describe.each([
  { engine: "sqlite", rounds: 6 },
  { engine: "postgres", rounds: 2 },
])("killed while 200 people sign in, on $engine", ({ engine, rounds }) => {
  test(`${rounds} times: nothing half-made, and every cookie that was handed out works`, {
    timeout: 180_000,
  }, async () => {
    const database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
    const random = seeded(9);
    const handedOut = new Map<CookieJar, string>();
    office = await spawnBackOffice({ rehearsalUrl: rehearsal.url, database });

    for (let round = 0; round < rounds; round++) {
      // Half of them have been here before: both making users and meeting them is cut off somewhere.
      const people = Array.from({ length: PEOPLE }, (_, n) => `load-${(round * PEOPLE) / 2 + n}`);
      const arrived = await signInUntilKilled(people, 1 + below(random, PEOPLE / 2), below(random, 30));
      for (const [jar, persona] of arrived) handedOut.set(jar, persona);
      // It was in the middle of it, not before or after.
      expect(arrived.size).toBeGreaterThan(0);
      expect(arrived.size).toBeLessThan(PEOPLE);
      expect(await lookForContradictions(database)).toEqual([]);

      office = await spawnBackOffice({ rehearsalUrl: rehearsal.url, database });
      for (const [jar, persona] of handedOut) {
        expect((await new Person(office.url, { jar }).session())?.user.email).toBe(`${persona}@demo.example`);
      }
    }

    // Whoever was cut off comes in at the next try, as the same user if they were one already.
    for (const [n, provider] of ["rehearsal", "github"].entries()) {
      for (let person = n; person < 20; person += 2) {
        const browser = new Person(office.url);
        await browser.signIn(provider, `load-${person}`);
        expect((await browser.session())?.user.email).toBe(`load-${person}@demo.example`);
      }
    }
    expect(await lookForContradictions(database)).toEqual([]);
  });
});

/**
 * Lets everybody sign in at once, and kills the back office some turns of our event loop after so many of them have
 * been given a session: it is in the middle of the sign-ins of the others. Answers the browsers with a session.
 */
async function signInUntilKilled(
  personas: readonly string[],
  afterArrivals: number,
  andTurns: number,
): Promise<Map<CookieJar, string>> {
  const arrived = new Map<CookieJar, string>();
  let killed: Promise<void> | null = null;
  const kill = async () => {
    for (let turn = 0; turn < andTurns; turn++) await setImmediate();
    await office.kill();
  };

  const signIn = async (persona: string, index: number) => {
    const browser = new Person(office.url);
    try {
      const authorize = await browser.start(index % 2 === 0 ? "rehearsal" : "github");
      const callback = await pickPersona(authorize, persona);
      await browser.request(callback.pathname + callback.search);
    } catch (error) {
      // What a killed process looks like: nobody answers any more. Before that it is a failure.
      if (killed === null) throw error;
    }
    if (browser.jar.get("postern") === undefined) return;
    arrived.set(browser.jar, persona);
    if (arrived.size === afterArrivals) killed = kill();
  };
  await Promise.all(personas.map(signIn));
  await killed;
  return arrived;
}

async function lookForContradictions(database: string) {
  const raw = await openRawDatabase(database);
  return contradictions(raw).finally(() => raw.close());
}
