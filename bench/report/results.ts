import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { MeasuredTarget } from "../measure-target.ts";
import type { Size } from "../sizes.ts";
import { TARGETS } from "../targets.ts";
import { readmeTable, withTable } from "./readme-table.ts";
import { resultsPage } from "./results-page.ts";

/** One run, or several that may stand side by side: same machine, same versions, same size. */
export interface Results {
  /** Of the last run: `2026-11-29`. */
  readonly date: string;
  readonly size: Size["name"];
  /** One line for each fact: processor, memory, system. */
  readonly machine: readonly string[];
  /** Package or program, and its version. */
  readonly versions: Readonly<Record<string, string>>;
  /** The server had a core for itself, as far as we are concerned. */
  readonly pinned: boolean;
  readonly targets: readonly MeasuredTarget[];
}

const ROOT = join(import.meta.dirname, "../..");
export const RESULTS_JSON = join(ROOT, "bench/results.json");
export const RESULTS_PAGE = join(ROOT, "bench/RESULTS.md");
export const READMES = { en: join(ROOT, "README.md"), "zh-CN": join(ROOT, "README.zh-CN.md") } as const;

/** What was written last, or `null`. */
export function lastResults(): Results | null {
  return existsSync(RESULTS_JSON) ? JSON.parse(readFileSync(RESULTS_JSON, "utf8")) : null;
}

/**
 * The last results with those of a run of some targets put in their places, or `null` where the two may not stand side by
 * side.
 */
export function mergedResults(last: Results | null, run: Results): Results | null {
  const whole = TARGETS.every(({ name }) => run.targets.some((target) => target.name === name));
  if (whole || last === null) return run;
  if (!areComparable(last, run)) return null;
  const targets = TARGETS.flatMap(({ name }) => {
    const [result] = [...run.targets, ...last.targets].filter((target) => target.name === name);
    return result === undefined ? [] : [result];
  });
  return { ...run, versions: { ...last.versions, ...run.versions }, targets };
}

function areComparable(last: Results, run: Results): boolean {
  const versions = Object.keys(run.versions).filter((name) => last.versions[name] !== undefined);
  return (
    last.size === run.size &&
    last.pinned === run.pinned &&
    isDeepStrictEqual(last.machine, run.machine) &&
    versions.every((name) => last.versions[name] === run.versions[name])
  );
}

/** Writes the figures, the page that tells them, and the tables of the front pages. */
export function writeResults(results: Results): void {
  writeFileSync(RESULTS_JSON, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(RESULTS_PAGE, resultsPage(results));
  for (const language of ["en", "zh-CN"] as const) {
    const page = readFileSync(READMES[language], "utf8");
    writeFileSync(READMES[language], withTable(page, readmeTable(results, language)));
  }
}
