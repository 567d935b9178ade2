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
/** Sessions that are looked at in a round: as many at each size, so that only what lies beside them has grown. */
const CHECKS = 500;
const SIGN_INS = 40;

/** An application on a database with so many people. */
export interface House {
  readonly people: number;
  readonly runtime: Runtime;
  readonly door: Postern;
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
  return { people, runtime: await openRuntime(options), door: await createPostern(options) };
}

export async function closeHouse({ runtime, door }: House): Promise<void> {
  await closeRuntime(runtime);
  await door.close();
}

/** Sessions all over the store, read and then asked for again. */
export async function measureChecks({ people, runtime }: House): Promise<{ read: Cost; cached: Cost }> {
  const some = Array.from({ length: CHECKS }, () => Math.floor(Math.random() * people));
  const secrets = some.map((n) => secretOf(isSuspended(n) ? n + 1 : n));
  const ask = async () => {
    const meter = costMeter();
    await meter.counted(async () => {
      for (const secret of secrets)
        if ((await authenticate(runtime, secret)) === null) throw new Error("Somebody was not let in.");
    });
    return meter.each(CHECKS);
  };
  runtime.sessionCache.clear();
  const read = await ask();
  return { read, cached: await ask() };
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
