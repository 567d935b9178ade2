/** `node bench/login/main.ts`: CPU of a whole login, stored in SQLite, against the same calls with bare `oauth4webapi`. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createPostern } from "../../src/index.ts";
import { oidc } from "../../src/providers/oidc.ts";
import { pickPersona } from "../../src/rehearsal/pick-persona.ts";
import { scratchFolder } from "../../test/support/scratch-folder.ts";
import { median, spread } from "../session/statistics.ts";
import { type Attempt, bareClient } from "./bare-client.ts";
import { attemptAt } from "./door-attempt.ts";

const ROUNDS = 12;
const WARM_UP_ROUNDS = 5;
const LOGINS = 100;
/** Nobody has more than a few sessions. */
const PEOPLE = 500;
/** What is aimed at: CPU of Postern, as a multiple of the bare client's. */
const AIM = 1.25;
const SITE = "http://localhost:3000";

const provider = fork(join(import.meta.dirname, "rehearsal-process.ts"));
const [issuer] = await once(provider, "message");
const folder = scratchFolder();
const door = await createPostern({
  // One person who comes a thousand times.
  limits: { arrivals: false },
  publicUrl: SITE,
  secret: "only-for-the-benchmark-0123456789-abcdefgh",
  database: folder.database("login.db"),
  providers: [
    oidc({ id: "corp", name: "Corp", issuer, clientId: "back-office", clientSecret: "rehearsal-secret" }),
  ],
  access: [{ when: { provider: "corp" }, then: "allow" }],
});
const bare = await bareClient(issuer, {
  clientId: "back-office",
  clientSecret: "rehearsal-secret",
  callback: `${SITE}/auth/callback/corp`,
});
const ratios: number[] = [];
let next = 0;
const costs = { bare: [] as number[], postern: [] as number[] };
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  const without = await cpuPerLogin(bare);
  const ours = await cpuPerLogin(() => attemptAt(door, SITE));
  if (round < 0) continue;
  costs.bare.push(without);
  costs.postern.push(ours);
  ratios.push(ours / without);
}
await door.close();
folder.remove();
provider.disconnect();
console.log(`Bare oauth4webapi, µs per login: ${spread(costs.bare, 0)}`);
console.log(`Postern, µs per login: ${spread(costs.postern, 0)}`);
console.log(`${median(ratios) <= AIM ? "✓" : "○"} Ratio: ${spread(ratios, 2)}; aim ${AIM}`);

/**
 * Microseconds of the two requests that a login takes of us; what the browser does at the provider is not counted. Reading
 * the clock of the process costs more than some of what is measured, so it is read twice for many logins.
 */
async function cpuPerLogin(start: () => Promise<Attempt>): Promise<number> {
  const attempts: Attempt[] = [];
  const started = await cpuOf(async () => {
    for (let login = 0; login < LOGINS; login++) attempts.push(await start());
  });
  const callbacks: URL[] = [];
  for (const { authorize } of attempts)
    callbacks.push(await pickPersona(authorize, `load-${next++ % PEOPLE}`));
  const finished = await cpuOf(async () => {
    for (const [login, callback] of callbacks.entries()) await attempts[login]?.finish(callback);
  });
  return (started + finished) / LOGINS;
}

async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
