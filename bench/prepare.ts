import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { canInstallPackages, installPackages } from "../scripts/debian-packages.ts";
import { run } from "../scripts/run.ts";
import { findPython } from "../test/support/python.ts";
import { hasRedis } from "./redis.ts";
import type { Target } from "./targets.ts";

/**
 * Builds Postern and gets what these targets need. Programs that are missing are installed on Debian and its kin as root;
 * elsewhere their targets are left out, with a sentence.
 */
export async function prepare(targets: readonly Target[]): Promise<void> {
  await run(process.execPath, ["--run", "build"]);
  if (targets.some(({ peers }) => peers) && !peersAreInstalled()) {
    await run("npm", ["ci", "--prefix", import.meta.dirname, "--no-audit", "--no-fund"]);
  }
  const missing = missingPrograms(targets);
  if (missing.length > 0 && canInstallPackages()) await installPackages(missing);
}

/** npm writes its hidden lock file when it has put everything in its place. */
function peersAreInstalled(): boolean {
  const [installed, wanted] = ["node_modules/.package-lock.json", "package-lock.json"].map((file) =>
    join(import.meta.dirname, file),
  ) as [string, string];
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}

/** Authlib's client asks with `requests`, which its package does not bring. */
const FLASK = ["python3-flask", "python3-authlib", "python3-requests", "gunicorn"];

/** Debian packages. PostgreSQL is not among them: where none is installed, the embedded one of the tests is there. */
function missingPrograms(targets: readonly Target[]): readonly string[] {
  const flask = targets.some(({ framework }) => framework === "flask") && findGunicornPython() === null;
  const redis = targets.some(({ keeps }) => keeps.includes("Redis")) && !hasRedis();
  return [...(flask ? FLASK : []), ...(redis ? ["redis-server"] : [])];
}

/** A Python that has Flask, Authlib with `requests`, and gunicorn; `null` = none. */
export function findGunicornPython(): string | null {
  const python = findPython();
  if (python === null) return null;
  return spawnSync(python, ["-c", "import gunicorn, requests"]).status === 0 ? python : null;
}
