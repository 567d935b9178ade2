/**
 * `npm run bench:housekeeping`: how much people who sign in or are signed in notice of housekeeping, with a million ended
 * sessions and a million old audit events. `ROWS` sets another number. Exits with 1 when a limit is broken.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  fillWithOldRows,
  measureHousekeeping,
  type Timings,
} from "../../test/support/measure-housekeeping.ts";
import { freshDatabase, startPostgres } from "../../test/support/postgres.ts";
import { openVerbRuntime } from "../../test/support/verb-runtime.ts";
import { quantile } from "../session/statistics.ts";

const ROWS = Number(process.env.ROWS ?? 1_000_000);
/** Milliseconds that 99 of 100 must not take longer than. */
const LIMIT = 50;
const QUIET = 10_000;

let broken = 0;
// On a disk: a commit that waits for nothing would be no measure.
const folder = mkdtempSync(join(tmpdir(), "postern-bench-"));
const postgres = await startPostgres();
try {
  await measure("SQLite", `file:${join(folder, "postern.db")}`);
  await measure("PostgreSQL", await freshDatabase(postgres.url));
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = broken === 0 ? 0 : 1;

async function measure(name: string, database: string): Promise<void> {
  const access = [{ when: { emailDomain: "demo.example" }, then: "allow" }] as const;
  const runtime = await openVerbRuntime({ database, now: Date.now, options: { access } });
  try {
    await fillWithOldRows(database, ROWS);
    const { quiet, during, removed, seconds, pauses } = await measureHousekeeping(runtime, QUIET);
    console.log(
      `${name}: ${removed?.sessions} sessions and ${removed?.auditEvents} events in ${seconds.toFixed(0)} s, ${pauses.length} transactions`,
    );
    tell("  session check, quiet ", quiet.checks);
    tell("  session check, during", during.checks);
    tell("  sign-in, quiet       ", quiet.signIns);
    tell("  sign-in, during      ", during.signIns);
    broken += worse(during);
  } finally {
    await runtime.store.close();
  }
}

function tell(what: string, values: readonly number[]): void {
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => quantile(values, share).toFixed(1));
  console.log(`${what}  p50 ${p50}  p99 ${p99}  longest ${most} ms  (${values.length})`);
}

function worse({ checks, signIns }: Timings): number {
  return [checks, signIns].filter((values) => quantile(values, 0.99) > LIMIT).length;
}
