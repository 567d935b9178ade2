import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");

/** What stands between the brackets of each call that writes to the log. */
function* callsIn(source: string): Generator<string> {
  for (const match of source.matchAll(/\blog\.(?:debug|info|warn|error)\(/g)) {
    const start = match.index + match[0].length;
    let depth = 1;
    let end = start;
    for (; depth > 0 && end < source.length; end++) {
      if (source[end] === "(") depth++;
      if (source[end] === ")") depth--;
    }
    yield source.slice(start, end - 1);
  }
}

/** The last argument: a text, several that are put together, or the name of one. */
const CONSTANT = /,\s*(?:"[^"`]*"(?:\s*\+\s*"[^"`]*")*|[a-zA-Z]\w*),?\s*$/;

test("every message in the log is a constant: people set alerts on it, and what differs stands in the fields", () => {
  const calls = globSync("**/*.ts", { cwd: SRC })
    .filter((path) => !/\.test\.ts$|^(cli|rehearsal|testing)\//.test(path))
    .flatMap((path) =>
      [...callsIn(readFileSync(join(SRC, path), "utf8"))].map((call) => ({ path, call: call.trim() })),
    );
  expect(calls.length).toBeGreaterThan(25);
  const others = calls.filter(({ call }) => !CONSTANT.test(call));
  expect(others.map(({ path, call }) => `${path}: ${call}`)).toEqual([]);
});
