import { writeFileSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestModule, Vitest } from "vitest/node";
import type { Tally } from "./run-vitest.ts";

/**
 * Counts for the last line of `npm test`, into the file that `POSTERN_TALLY` names. Only a test that ran and passed
 * has passed: one that was skipped or never started counts as failed, and so does an error outside of any test.
 */
export default class TallyReporter implements Reporter {
  #filteredByName = false;

  onInit(vitest: Vitest): void {
    this.#filteredByName = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.POSTERN_TALLY;
    if (file === undefined) throw new Error("POSTERN_TALLY does not name a file.");
    const tally = modules
      .map((module) => tallyOf(module, this.#filteredByName))
      .reduce(sum, { passed: 0, failed: unhandled.length });
    writeFileSync(file, JSON.stringify(tally));
  }
}

function tallyOf(module: TestModule, filteredByName: boolean): Tally {
  const tally = { passed: 0, failed: module.errors().length };
  for (const suite of module.children.allSuites()) tally.failed += suite.errors().length;
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state === "passed") tally.passed++;
    else if (state === "failed") tally.failed++;
    // Asking for some tests by name leaves the others out on purpose.
    else if (!filteredByName) {
      tally.failed++;
      console.error(`Did not run (${test.options.mode}): ${module.relativeModuleId} > ${test.fullName}`);
    }
  }
  return tally;
}

function sum(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}
