#!/usr/bin/env node
import { main } from "./main.ts";

/** As a shell says it of a program that was interrupted. */
const INTERRUPTED = 130;

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    stop.abort();
  });
}
// `postern users list | head`: whoever reads has seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const { env, stdin, stdout, stderr } = process;
process.exitCode = await main({ argv: process.argv.slice(2), env, stdin, stdout, stderr, stop: stop.signal });
// What was interrupted may still hold connections.
if (process.exitCode === INTERRUPTED) process.exit();
