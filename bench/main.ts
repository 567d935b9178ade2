/**
 * `npm run bench -- [target…] [--short | --quick]`: Postern beside what people use today. Writes `RESULTS.md` and the tables
 * of the front pages; `--quick` only shows that everything can be measured, and writes nothing.
 */

import { parseArgs } from "node:util";
import { keepOffServerCore } from "./cores.ts";
import { type Environment, openEnvironment } from "./environment.ts";
import { machine, versionsOf } from "./machine.ts";
import { type MeasuredTarget, measureTarget, type TargetResult } from "./measure-target.ts";
import { prepare } from "./prepare.ts";
import { lastResults, mergedResults, type Results, writeResults } from "./report/results.ts";
import { resultsPage } from "./report/results-page.ts";
import { SIZES, type Size } from "./sizes.ts";
import { pickTargets, type Target } from "./targets.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: "boolean" }, short: { type: "boolean" } },
});
const size = SIZES[values.quick ? "quick" : values.short ? "short" : "full"];
const targets = pickTargets(positionals);
await prepare(targets);
await measureAll(targets, size);

async function measureAll(targets: readonly Target[], size: Size): Promise<void> {
  const cores = keepOffServerCore();
  const environment = await openEnvironment(cores);
  const last = lastResults();
  try {
    const measured: MeasuredTarget[] = [];
    const resultsSoFar = (): Results => ({
      date: new Date().toISOString().slice(0, "2026-11-29".length),
      size: size.name,
      machine: machine(),
      versions: versionsOf(targets, environment.postgresVersion()),
      pinned: cores !== null,
      targets: measured,
    });
    for (const [index, target] of targets.entries()) {
      console.log(`${index + 1}/${targets.length} ${target.title}`);
      const startedAt = performance.now();
      const result = await measureOrSay(target, environment, size);
      measured.push({ ...result, minutes: (performance.now() - startedAt) / 60_000 });
      // After each of them, so that a run that is ended half-way keeps what it has measured.
      write(last, resultsSoFar());
    }
    report(last, resultsSoFar());
  } finally {
    await environment.close();
  }
}

/** One that fails costs its own figures, not those of an hour before it; the run then ends with 1. */
async function measureOrSay(target: Target, environment: Environment, size: Size): Promise<TargetResult> {
  try {
    const result = await measureTarget(target, environment, size);
    if ("skipped" in result) console.log(`  Left out: ${result.skipped}`);
    return result;
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    const [first] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { name: target.name, skipped: `It failed: ${first}` };
  }
}

/** Whether they could be written. */
function write(last: Results | null, results: Results): boolean {
  const merged = results.size === "quick" ? null : mergedResults(last, results);
  if (merged !== null) writeResults(merged);
  return merged !== null;
}

function report(last: Results | null, results: Results): void {
  console.log(`\n${resultsPage(results)}`);
  if (write(last, results)) console.log("Written: bench/RESULTS.md and the tables of README.");
  else if (results.size !== "quick")
    console.log("Not written: the results there are of another machine, other versions or another size.");
}
