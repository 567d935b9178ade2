import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeBlocksOf } from "../docs/markdown.ts";

const DOCS = join(import.meta.dirname, "../../docs");

/** The code block of a page of `docs/` whose first line names this file: what people copy is what a test runs. */
export function recipe(page: string, file: string): string {
  const blocks = codeBlocksOf(page, readFileSync(join(DOCS, page), "utf8"));
  const [block, ...others] = blocks.filter(({ text }) => /^(?:\/\/|#) (\S+)/.exec(text)?.[1] === file);
  if (block === undefined || others.length > 0) throw new Error(`${page} holds no single ${file}`);
  return block.text;
}

/** A service in a process of its own. */
export interface RunningService {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a service with `PORT=0` and waits until it says on which port it listens. @throws Error with all that it said */
export async function startService(
  command: readonly [string, ...string[]],
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningService> {
  const [program, ...words] = command;
  const service = spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { url: `http://127.0.0.1:${await portOf(service)}`, close: () => end(service) };
}

function portOf(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk: Buffer) => {
      said += chunk;
      const port = /(?:127\.0\.0\.1:|port: )(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    };
    service.stdout?.on("data", listen);
    service.stderr?.on("data", listen);
    service.on("error", reject);
    service.on("exit", (code) => reject(new Error(`The service ended with ${code}: ${said}`)));
  });
}

async function end(service: ChildProcess): Promise<void> {
  const gone = once(service, "exit");
  service.kill();
  await gone;
}
