import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pickPersona } from "../../src/rehearsal/pick-persona.ts";
import { type Rehearsal, startRehearsal } from "../../src/rehearsal/start-rehearsal.ts";
import { Person } from "../../src/testing/person.ts";
import { type BackOffice, startBackOffice } from "../support/back-office.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openRawDatabase } from "../support/raw-database.ts";
import { type ScratchFolder, scratchFolder } from "../support/scratch-folder.ts";
import { below, seeded } from "../support/seeded.ts";

const PEOPLE = 200;
/** Longest that the provider keeps anybody waiting at one endpoint, in milliseconds. */
const LONGEST_DELAY = 40;

/** Somebody who has signed in: who they are, and what their browser was given. */
interface Arrived {
  readonly person: number;
  readonly provider: string;
  readonly userId: string;
  readonly cookie: string;
}

describe.each([
  { engine: "sqlite", rounds: 20 },
  { engine: "postgres", rounds: 4 },
])("200 people signing in at once on $engine", ({ engine, rounds }) => {
  let folder: ScratchFolder;
  let database: string;
  let rehearsal: Rehearsal;
  let office: BackOffice;

  beforeAll(async () => {
    const random = seeded(200);
    // The delay is what is tested: answers come back in another order than they were asked for.
    rehearsal = await startRehearsal({ delay: () => setTimeout(below(random, LONGEST_DELAY)) });
    folder = scratchFolder();
    database = engine === "postgres" ? await freshDatabase() : folder.database("postern.db");
    office = await startBackOffice({ rehearsalUrl: rehearsal.url, database });
  });
  afterAll(async () => {
    await office.close();
    await rehearsal.close();
    folder.remove();
  });

  test(`every session shows its own person, ${rounds} rounds`, { timeout: 240_000 }, async () => {
    const arrived: Arrived[] = [];
    for (let round = 0; round < rounds; round++) {
      const people = Array.from({ length: PEOPLE }, (_, person) => signIn(office.url, person, round));
      arrived.push(...(await Promise.all(people)));
    }

    // Both providers by turns: at each of them everybody is one user, however often they came.
    const users = new Map(arrived.map((one) => [`${one.provider} ${one.person}`, one.userId]));
    for (const { provider, person, userId } of arrived)
      expect(userId).toBe(users.get(`${provider} ${person}`));
    expect(new Set(users.values()).size).toBe(2 * PEOPLE);

    for (const { cookie, userId } of arrived) {
      expect((await office.door.authenticate({ headers: { cookie } }))?.user.id).toBe(userId);
    }
    expect(await counts(database)).toEqual({
      users: 2 * PEOPLE,
      identities: [
        { provider: "github", count: PEOPLE },
        { provider: "rehearsal", count: PEOPLE },
      ],
      sessions: rounds * PEOPLE,
      succeeded: rounds * PEOPLE,
      failed: 0,
    });
  });
});

/** A whole sign-in in a browser of its own; the page and the session must be this person's. */
async function signIn(site: string, person: number, round: number): Promise<Arrived> {
  const provider = (person + round) % 2 === 0 ? "rehearsal" : "github";
  const returnTo = `/people/${person}?round=${round}`;
  const browser = new Person(site);
  const callback = await pickPersona(await browser.start(provider, returnTo), `load-${person}`);
  const back = await browser.request(callback.pathname + callback.search);
  expect([back.status, back.headers.get("location")]).toEqual([303, returnTo]);

  const session = await browser.session();
  expect(session?.session.provider).toBe(provider);
  expect(session?.user).toMatchObject({
    name: `Load Person ${person}`,
    email: `load-${person}@demo.example`,
    roles: ["member"],
  });
  return {
    person,
    provider,
    userId: session?.user.id ?? "",
    cookie: `postern=${browser.jar.get("postern")}`,
  };
}

async function counts(database: string) {
  const raw = await openRawDatabase(database);
  const count = async (from: string) => (await raw.rows(`select count(*) as count from ${from}`))[0]?.count;
  try {
    return {
      users: await count("postern_users"),
      identities: await raw.rows(
        "select provider, count(*) as count from postern_identities group by provider order by provider",
      ),
      sessions: await count("postern_sessions"),
      succeeded: await count("postern_audit where action = 'login.succeeded'"),
      failed: await count("postern_audit where action in ('login.failed', 'login.cancelled')"),
    };
  } finally {
    await raw.close();
  }
}
