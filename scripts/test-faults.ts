/**
 * `npm run test:faults`: 5,000 sign-ins over three processes on a PostgreSQL and a Redis of its own, while processes are
 * killed, both servers are restarted and the provider answers half of the time. Prints what came of it; ends with 1 when
 * a promise was broken. Arguments: how many sign-ins (5000), seconds after which no further one is tried (600), and a
 * seed (1).
 */

import { brokenPromises, reportText } from "../test/faults/under-load/report.ts";
import { underFaults } from "../test/faults/under-load/under-faults.ts";
import { ensureRedis } from "./ensure-redis.ts";

const [signIns = 5_000, seconds = 600, seed = 1] = process.argv.slice(2).map(Number);

await ensureRedis();
const report = await underFaults({
  signIns,
  faults: Math.ceil(signIns / 120),
  sample: 300,
  limit: seconds * 1_000,
  seed,
});
console.log(reportText(report));
const broken = brokenPromises(report);
if (report.tried < signIns) console.log(`Only ${report.tried} of ${signIns} could be tried in ${seconds} s.`);
process.exitCode = broken.length === 0 && report.tried >= signIns ? 0 : 1;
