import { spawn } from "node:child_process";

export interface RunOptions {
  /** Added to our own environment. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Where the output goes: to ours (the default), or nowhere. */
  readonly output?: "inherit" | "ignore";
}

/** Runs a program. @throws Error naming the command when it fails. */
export async function run(
  program: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<void> {
  const code = await exitCode(program, words, options);
  if (code !== 0) throw new Error(`${[program, ...words].join(" ")} failed (exit code ${code}).`);
}

/** Runs a program and answers its exit code; one that a signal ended answers 1. */
export function exitCode(
  program: string,
  words: readonly string[],
  options: RunOptions = {},
): Promise<number> {
  const output = options.output ?? "inherit";
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      stdio: ["ignore", output, output],
      env: { ...process.env, ...options.environment },
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}
