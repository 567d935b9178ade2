import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PackedPackage } from "./packed-package.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");

/** A program of an example that runs. */
export interface ExampleProcess {
  /** What it said first. */
  readonly firstLine: string;
  close(): Promise<void>;
}

/** Copies an example beside the packed package, as somebody would who tries it; answers its folder. */
export async function copyExample(packed: PackedPackage, name: string): Promise<string> {
  const folder = join(packed.project, name);
  await cp(join(EXAMPLES, name), folder, { recursive: true });
  return folder;
}

/** Runs a program of a copied example, and waits for its first word. */
export async function runExample(
  folder: string,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<ExampleProcess> {
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return {
    firstLine: await firstLine(child),
    async close() {
      if (child.exitCode !== null) return;
      const gone = once(child, "exit");
      child.kill();
      await gone;
    },
  };
}

/** @throws Error when it ends without a word */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error("The application has no output.");
  for await (const line of createInterface(stdout)) return line;
  throw new Error("The application ended without a word.");
}
