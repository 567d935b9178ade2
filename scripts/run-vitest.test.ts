import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runVitest } from "./run-vitest.ts";

const GENERATED = join(import.meta.dirname, ".generated");

let folder: string;

beforeEach(async () => {
  await mkdir(GENERATED, { recursive: true });
  folder = await mkdtemp(join(GENERATED, "tally-"));
  await writeFile(
    join(folder, "vitest.config.ts"),
    `export default { test: { include: ["*.example.ts"] } };`,
  );
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const countIn = (root: string, ...more: string[]) =>
  runVitest(["--root", root, ...more], { output: "ignore" });

const HEAD = `import { afterAll, beforeAll, describe, expect, test } from "vitest";\n`;
const PASSES = `test("passes", () => { expect(1).toBe(1); });\n`;

test.each([
  ["every passing test", PASSES, { passed: 1, failed: 0 }],
  ["a failing test", `${PASSES}test("fails", () => { expect(1).toBe(2); });`, { passed: 1, failed: 1 }],
  ["a skipped test as failed", `${PASSES}test.skip("skipped", () => {});`, { passed: 1, failed: 1 }],
  [
    "a test that skips itself as failed",
    `${PASSES}test("leaves", ({ skip }) => skip());`,
    { passed: 1, failed: 1 },
  ],
  ["a test still to be written as failed", `${PASSES}test.todo("later");`, { passed: 1, failed: 1 }],
  ["an error outside of tests", `${PASSES}throw new Error("while collecting");`, { passed: 0, failed: 1 }],
  [
    "an error after the tests",
    `afterAll(() => { throw new Error("late"); });\n${PASSES}`,
    { passed: 1, failed: 1 },
  ],
  [
    "a rejection nobody handled",
    `test("passes", async () => { Promise.reject(new Error("lost")); expect(1).toBe(1); });`,
    { passed: 1, failed: 1 },
  ],
  [
    "a test whose preparation failed, and the preparation",
    `describe("s", () => { beforeAll(() => { throw new Error("early"); });\n${PASSES}});`,
    { passed: 0, failed: 2 },
  ],
])("counts %s", async (_, source, expected) => {
  await writeFile(join(folder, "one.example.ts"), HEAD + source);
  expect(await countIn(folder)).toEqual(expected);
});

test("leaves out what was not asked for by name", async () => {
  await writeFile(join(folder, "one.example.ts"), `${HEAD}${PASSES}test("other", () => {});`);
  expect(await countIn(folder, "-t", "passes")).toEqual({ passed: 1, failed: 0 });
});

test("counts a preparation of the whole run that failed", async () => {
  await writeFile(join(folder, "prepare.ts"), `export function setup() { throw new Error("no database"); }`);
  await writeFile(
    join(folder, "vitest.config.ts"),
    `export default { test: { include: ["*.example.ts"], globalSetup: ["prepare.ts"] } };`,
  );
  await writeFile(join(folder, "one.example.ts"), HEAD + PASSES);
  expect(await countIn(folder)).toEqual({ passed: 0, failed: 1 });
});

test("does not take an empty run for a good one", async () => {
  expect(await countIn(folder)).toEqual({ passed: 0, failed: 1 });
});
