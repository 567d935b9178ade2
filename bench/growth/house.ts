import { createPostern, type Postern, type PosternOptions } from "../../src/index.ts";
import { SILENT_LOG } from "../../src/model/log.ts";
import { closeRuntime, openRuntime } from "../../src/postern.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { pickPersona } from "../../src/rehearsal/pick-persona.ts";
import type { Runtime } from "../../src/runtime.ts";
import { authenticate } from "../../src/sessions/authenticate.ts";
import { attemptAt } from "../login/door-attempt.ts";
import { type Cost, costMeter } from "./cost.ts";
import { isSuspended, secretOf } from "./people.ts";

const SITE = "http://localhost:3000";
/** Sessions that are looked at in a round. */
const CHECKS = 500;
const SIGN_INS = 40;
/** How often those at work are asked for in a round. */
const TIMES = 8;

/** An application on a database with so many people. */
export interface House {
  readonly people: number;
  readonly runtime: Runtime;
  readonly door: Postern;
  /** Secrets of those who are at work, who come again and again: as many at each size. */
  readonly atWork: readonly string[];
}

export async function openHouse(database: string, people: number, issuer: string): Promise<House> {
  const options: PosternOptions = {
    publicUrl: SITE,
    secret: "only-for-the-benchmark-0123456789-abcdefgh",
    database,
    limits: false,
    log: SILENT_LOG,
    providers: [
      oidc({ id: "corp", name: "Corp", issuer, clientId: "back-office", clientSecret: "rehearsal-secret" }),
    ],
    roles: { lead: [] },
    access: [{ when: { provider: "corp" }, then: "allow" }],
    autoMigrate: true,
  };
  const [runtime, door] = [await openRuntime(options), await createPostern(options)];
  return { people, runtime, door, atWork: someSecrets(people) };
}

/** All over the store. */
function someSecrets(people: number): readonly string[] {
  const some = Array.from({ length: CHECKS }, () => Math.floor(Math.random() * people));
  return some.map((n) => secretOf(isSuspended(n) ? n + 1 : n));
}

export async function closeHouse({ runtime, door }: House): Promise<void> {
  await closeRuntime(runtime);
  await door.close();
}

export interface CheckCosts {
  /** Of somebody who comes for the first time, whose rows may have to be fetched from the file. */
  readonly first: Cost;
  /** Of those at work, read from the database, and not. */
  readonly read: Cost;
  readonly cached: Cost;
}

export async function measureChecks({ people, runtime, atWork }: House): Promise<CheckCosts> {
  const ask = async (secrets: readonly string[]) => {
    for (const secret of secrets)
      if ((await authenticate(runtime, secret)) === null) throw new Error("Somebody was not let in.");
  };
  const askAnew = (secrets: readonly string[]) => {
    runtime.sessionCache.clear();
    return ask(secrets);
  };
  const measure = async (times: number, askOnce: () => Promise<void>) => {
    const meter = costMeter();
    await meter.counted(async () => {
      for (let time = 0; time < times; time++) await askOnce();
    });
    return meter.each(times * CHECKS);
  };
  const strangers = someSecrets(people);
  const first = await measure(1, () => askAnew(strangers));
  // Whoever came in between has used the same memory, of the database and of the processor.
  await askAnew(atWork);
  const read = await measure(TIMES, () => askAnew(atWork));
  return { first, read, cached: await measure(TIMES, () => ask(atWork)) };
}

/** Whole sign-ins by people who have never been there; what the browser does at the provider is not counted. */
export async function measureSignIns({ door }: House, first: number): Promise<Cost> {
  const meter = costMeter();
  for (let login = 0; login < SIGN_INS; login++) {
    const attempt = await meter.counted(() => attemptAt(door, SITE));
    const callback = await pickPersona(attempt.authorize, `load-${first + login}`);
    await meter.counted(() => attempt.finish(callback));
  }
  return meter.each(SIGN_INS);
}
