/**
 * `npm test`: finds or installs what the tests need, builds, runs every test once, and says so in its last line.
 * Arguments go on to vitest: `npm test -- src/web`.
 */

import { ensureChromium } from "./ensure-chromium.ts";
import { ensureFlask } from "./ensure-flask.ts";
import { ensureServers } from "./ensure-servers.ts";
import { run } from "./run.ts";
import { runVitest, type Tally } from "./run-vitest.ts";

const tally = await testEverything(process.argv.slice(2));
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
