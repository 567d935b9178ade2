/**
 * `npm run test:faults`: 5,000 sign-ins over three processes on a PostgreSQL and a Redis of its own, while processes are
 * killed, both servers are restarted and the provider answers half of the time. Prints what came of it; ends with 1 when
 * a promise was broken, when less has happened than was asked for, or when a server cannot be had. Arguments: how many
 * sign-ins (5000), seconds after which no further one is tried (780), and a seed (1).
 */

import { brokenPromises, reportText, shortfalls } from "../test/faults/under-load/report.ts";
import { underFaults } from "../test/faults/under-load/under-faults.ts";
import { ensureServers } from "./ensure-servers.ts";

const [signIns = 5_000, seconds = 780, seed = 1] = process.argv.slice(2).map(positive);
const faults = Math.ceil(signIns / 120);

await ensureServers("redis");
const report = await underFaults({ signIns, faults, sample: 300, limit: seconds * 1_000, seed });
console.log(reportText(report));
const missing = shortfalls(report, { signIns, faults });
for (const what of missing) console.log(what);
process.exitCode = brokenPromises(report).length === 0 && missing.length === 0 ? 0 : 1;

function positive(word: string): number {
  if (/^[1-9]\d{0,6}$/.test(word)) return Number(word);
  throw new Error(`${word} is no number. Usage: npm run test:faults -- [sign-ins] [seconds] [seed]`);
}
