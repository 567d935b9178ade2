import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { MeasuredTarget } from "../measure-target.ts";
import { TARGETS } from "../targets.ts";
import { digits } from "./format.ts";
import { readmeTable, withTable } from "./readme-table.ts";
import { lastResults, mergedResults, READMES, RESULTS_PAGE, type Results } from "./results.ts";
import { resultsPage } from "./results-page.ts";

const results = lastResults();

test("the page and both front pages tell what was measured", () => {
  if (results === null) throw new Error("There are no results. Run: npm run bench");
  expect(readFileSync(RESULTS_PAGE, "utf8"), "Run: npm run bench").toBe(resultsPage(results));
  for (const language of ["en", "zh-CN"] as const) {
    const page = readFileSync(READMES[language], "utf8");
    expect(page, "Run: npm run bench").toBe(withTable(page, readmeTable(results, language)));
  }
});

test("a front page that quotes another figure is found out", () => {
  if (results === null) throw new Error("There are no results. Run: npm run bench");
  const page = readFileSync(READMES.en, "utf8");
  const bent = page.replace(/(\| \*\*Postern\*\*, Hono, SQLite \| )[\d.,-]+/, "$10.01");
  expect(bent).not.toBe(page);
  expect(withTable(bent, readmeTable(results, "en"))).toBe(page);
});

test("a page without marks is not written over", () => {
  expect(() => withTable("# Postern", "table")).toThrow("<!-- Written by npm run bench -->");
});

const RUN: Results = {
  date: "2026-11-29",
  size: "full",
  machine: ["A processor, 2 cores"],
  versions: { hono: "4.13.19" },
  pinned: true,
  targets: [],
};
const skipped = (name: string, why: string): MeasuredTarget => ({ name, skipped: why, minutes: 3 });

test("a run of some targets takes their places, in the order of all", () => {
  const last = { ...RUN, targets: [skipped("bare-node", "old"), skipped("bare-express", "old")] };
  const run = { ...RUN, targets: [skipped("bare-hono", "new"), skipped("bare-express", "new")] };
  expect(mergedResults(last, run)?.targets).toEqual([
    skipped("bare-node", "old"),
    skipped("bare-hono", "new"),
    skipped("bare-express", "new"),
  ]);
});

test.each<[string, Partial<Results>]>([
  ["machine", { machine: ["Another processor, 64 cores"] }],
  ["size", { size: "short" }],
  ["version of something", { versions: { hono: "4.0.0" } }],
  ["way of sharing cores", { pinned: false }],
])("figures of another %s do not stand side by side", (_, other) => {
  const run = { ...RUN, ...other, targets: [skipped("bare-hono", "new")] };
  expect(mergedResults(RUN, run)).toBeNull();
  const whole = { ...run, targets: TARGETS.map(({ name }) => skipped(name, "new")) };
  expect(mergedResults(RUN, whole)).toBe(whole);
});

test.each([
  [0.4217, "0.42"],
  [4.217, "4.22"],
  [42.17, "42.2"],
  [421.7, "422"],
  [4217, "4,220"],
  [-421.7, "-422"],
])("%d is written as %s", (value, text) => {
  expect(digits(value)).toBe(text);
});
