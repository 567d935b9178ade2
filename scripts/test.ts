/**
 * `npm test`: finds or installs what the tests need, builds, runs every test once but those under load, and says so in its
 * last line. Arguments go on to vitest: `npm test -- src/web`, and `npm run test:load` for those under load, one file after
 * the other.
 */

import { ensureChromium } from "./ensure-chromium.ts";
import { ensureFlask } from "./ensure-flask.ts";
import { ensureServers } from "./ensure-servers.ts";
import { run } from "./run.ts";
import { runVitest, type Tally } from "./run-vitest.ts";

const words = process.argv.slice(2);
const tally = await testEverything(words.length > 0 ? words : ["--project", "parts", "--project", "whole"]);
console.log(`${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

async function testEverything(vitestArguments: readonly string[]): Promise<Tally> {
  try {
    await ensureChromium();
    await ensureFlask();
    await ensureServers("mariadb", "redis", "pgbouncer");
    await run(process.execPath, ["--run", "build"]);
    return await runVitest(vitestArguments);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : String(error)}`);
    return { passed: 0, failed: 1 };
  }
}
