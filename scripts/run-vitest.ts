import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCode, type RunOptions } from "./run.ts";

/** How many tests passed, and how many did anything else. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const VITEST = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");
const REPORTER = join(import.meta.dirname, "tally-reporter.ts");

/** Runs vitest once and answers its tally. A run that ends badly without naming a test counts as one failure. */
export async function runVitest(
  vitestArguments: readonly string[],
  { output = "inherit" }: Pick<RunOptions, "output"> = {},
): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "postern-tally-"));
  try {
    const file = join(folder, "tally.json");
    const words = [VITEST, "run", "--reporter=default", `--reporter=${REPORTER}`, ...vitestArguments];
    const code = await exitCode(process.execPath, words, { environment: { POSTERN_TALLY: file }, output });
    return judge(code, await readTally(file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function judge(code: number, tally: Tally | null): Tally {
  if (tally === null) return { passed: 0, failed: 1 };
  if (tally.passed + tally.failed === 0) console.error("No test ran.");
  if (code !== 0 && tally.failed === 0) return { ...tally, failed: 1 };
  return tally;
}

async function readTally(file: string): Promise<Tally | null> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Tally;
  } catch {
    console.error("vitest ended before it could count its tests.");
    return null;
  }
}
