import { spawnSync } from "node:child_process";

/** A Python that has Flask and Authlib; `null` = none. Debian's own comes last, since its packages are there and nowhere else. */
export function findPython(): string | null {
  const named = process.env.PYTHON_PATH;
  return (named ? [named] : ["python3", "/usr/bin/python3"]).find(hasFlask) ?? null;
}

function hasFlask(program: string): boolean {
  return spawnSync(program, ["-c", "import flask, authlib.jose"]).status === 0;
}
