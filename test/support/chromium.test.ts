import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findChromium } from "./chromium.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "postern-chromium-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, mode: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, mode);
  return path;
}

test("takes the program that CHROMIUM_PATH names", async () => {
  const named = await program("mine", 0o755);
  expect(findChromium({ CHROMIUM_PATH: named, PATH: folder })).toBe(named);
});

test("does not fall back when CHROMIUM_PATH names none", async () => {
  await program("chromium", 0o755);
  expect(findChromium({ CHROMIUM_PATH: join(folder, "nothing"), PATH: folder })).toBeNull();
});

test("takes the first browser on PATH that can be run", async () => {
  await program("chromium", 0o644);
  const runnable = await program("google-chrome", 0o755);
  expect(findChromium({ CHROMIUM_PATH: "", PATH: `/nowhere:${folder}` })).toBe(runnable);
});
