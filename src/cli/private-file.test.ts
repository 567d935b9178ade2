import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type ScratchFolder, scratchFolder } from "../../test/support/scratch-folder.ts";

let folder: ScratchFolder;
beforeEach(() => {
  folder = scratchFolder();
});
afterEach(() => folder.remove());

const SCRIPT = `
  const [module, path] = process.argv.slice(1);
  const { createPrivateFile } = await import(module);
  const file = await createPrivateFile(path, false);
  await file.write("x".repeat(100_000));
  await file.finish();
`;

/** Writes 100,000 bytes where a file may have so many blocks, as on a disk that is nearly full. */
function writeWithin(blocks: number | "unlimited", path: string): number | null {
  const module = pathToFileURL(join(import.meta.dirname, "private-file.ts")).href;
  const command = `ulimit -f ${blocks} && exec "$0" --input-type=module -e "$1" "$2" "$3"`;
  return spawnSync("sh", ["-c", command, process.execPath, SCRIPT, module, path]).status;
}

test("what does not fit is no file, and never a part of one", () => {
  const path = folder.file("people.jsonl");
  expect(writeWithin(8, path)).not.toBe(0);
  expect(existsSync(path)).toBe(false);
  expect(writeWithin("unlimited", path)).toBe(0);
  expect(readFileSync(path, "utf8")).toBe("x".repeat(100_000));
});
