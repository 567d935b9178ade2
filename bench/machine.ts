import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { findGunicornPython } from "./prepare.ts";
import type { Target } from "./targets.ts";

/** What it was measured on: processor first. */
export function machine(): readonly string[] {
  const [first, ...others] = cpus();
  return [
    `${first?.model.trim() ?? "An unknown processor"}, ${others.length + 1} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
    `${type()} ${release()}`,
  ];
}

/** What was measured: packages that these targets name, frameworks, and programs. */
export function versionsOf(
  targets: readonly Target[],
  postgres: string | null,
): Readonly<Record<string, string>> {
  const frameworks = [
    "hono",
    "@hono/node-server",
    "express",
    ...(targets.some(({ peers }) => peers) ? ["fastify"] : []),
  ];
  const names = new Set([...targets.flatMap(({ packages }) => packages), "oauth4webapi", ...frameworks]);
  const packages = [...names].sort().map((name) => [name, packageVersion(name)] as const);
  return {
    "Node.js": process.version.slice(1),
    ...Object.fromEntries(packages),
    ...(postgres !== null && { PostgreSQL: postgres }),
    ...(targets.some(({ keeps }) => keeps.includes("Redis")) && redisVersion()),
    ...(targets.some(({ framework }) => framework === "flask") && pythonVersions()),
  };
}

function packageVersion(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const folders =
    name === "postern" ? [join(import.meta.dirname, "..")] : paths.map((path) => join(path, name));
  for (const folder of folders) {
    try {
      return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
    } catch {
      // Not there: further up.
    }
  }
  return "not installed";
}

function redisVersion(): Readonly<Record<string, string>> {
  const said = spawnSync("redis-server", ["--version"], { encoding: "utf8" }).stdout ?? "";
  const version = /v=(\S+)/.exec(said)?.[1];
  return version === undefined ? {} : { Redis: version };
}

function pythonVersions(): Readonly<Record<string, string>> {
  const python = findGunicornPython();
  if (python === null) return {};
  const program = `import json, platform
from importlib.metadata import version
print(json.dumps({"Python": platform.python_version(), "Flask": version("flask"), "Authlib": version("authlib"), "gunicorn": version("gunicorn")}))`;
  return JSON.parse(spawnSync(python, ["-c", program], { encoding: "utf8" }).stdout);
}
