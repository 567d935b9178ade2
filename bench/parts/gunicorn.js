import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

const TARGETS = join(import.meta.dirname, "../targets");

/** Runs a Flask application under gunicorn: two workers with threads, which keep connections. Answers its processes. */
export async function startGunicorn(application, { port, python, ...settings }) {
  const words = [
    ...["-m", "gunicorn", "--workers", "2", "--worker-class", "gthread", "--threads", "16"],
    ...["--keep-alive", "60", "--bind", `127.0.0.1:${port}`, "--log-level", "error", application],
  ];
  const master = spawn(python, words, {
    cwd: TARGETS,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", BENCH: JSON.stringify(settings) },
  });
  process.once("exit", () => master.kill());
  await untilAnswering(port, master);
  return () => [master.pid, ...childrenOf(master.pid)];
}

async function untilAnswering(port, master) {
  for (;;) {
    if (master.exitCode !== null) throw new Error(`gunicorn ended with ${master.exitCode}.`);
    try {
      await (await fetch(`http://127.0.0.1:${port}/nothing`)).text();
      return;
    } catch {
      await setTimeout(5);
    }
  }
}

function childrenOf(pid) {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "latin1").trim().split(" ").map(Number);
}
