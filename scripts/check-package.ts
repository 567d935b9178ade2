/** Checks the packed package as a stranger's tools would: its manifest, and the types behind every name it publishes. */

import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "postern-pack-"));

try {
  // Without scripts: packing would build once more.
  await run("npm", ["pack", root, "--silent", "--ignore-scripts", "--pack-destination", folder]);
  const [tarball = ""] = globSync("*.tgz", { cwd: folder }).map((file) => join(folder, file));
  await tool("publint/src/cli.js", ["run", tarball, "--strict"]);
  const words = [tarball, "--profile", "esm-only", "--entrypoints", ...entryPoints()];
  await tool("@arethetypeswrong/cli/dist/index.js", words);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Every name that people can import: the patterns of `exports`, filled with what the build has made. */
function entryPoints(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const exported = Object.entries<string | null>(exports);
  const names = exported.flatMap(([name, target]) => (target === null ? [] : filled(name, target)));
  return names.filter((name) => exports[name] !== null);
}

function filled(name: string, target: string): readonly string[] {
  if (!name.includes("*")) return existsSync(join(root, target)) ? [name] : [];
  const [before = "", after = ""] = target.slice("./".length).split("*");
  return globSync(`${before}*${after}`, { cwd: root })
    .sort()
    .map((file) => name.replace("*", file.slice(before.length, file.length - after.length)));
}

/** Runs a development dependency by its file: no shell, so the same everywhere. */
function tool(file: string, words: readonly string[]): Promise<void> {
  return run(process.execPath, [join(root, "node_modules", file), ...words]);
}
