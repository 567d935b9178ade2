import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "postern-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LOAD = `
  const { loadConfig } = await import(${JSON.stringify(pathToFileURL(join(import.meta.dirname, "load-config.ts")).href)});
  const said = await loadConfig().then((options) => options, ({ problems }) => problems[0].fix);
  console.log(JSON.stringify(said));
`;

/** What Node itself makes of the file, outside the test runner. */
function load(files: Readonly<Record<string, string>>): unknown {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", LOAD], {
    cwd: folder,
    encoding: "utf8",
  });
  for (const name of Object.keys(files)) rmSync(join(folder, name));
  return JSON.parse(stdout);
}

const CONFIG = 'import "node:fs"; export default { mountPath: "/doors" };';

test("the configuration of the working directory is TypeScript or JavaScript", () => {
  for (const name of ["postern.config.ts", "postern.config.mts", "postern.config.mjs"]) {
    expect(load({ "package.json": '{"type":"module"}', [name]: CONFIG })).toEqual({ mountPath: "/doors" });
  }
});

test("in a project of CommonJS, which is what npm makes, the fix names the one line that is missing", () => {
  const project = { "package.json": '{"type":"commonjs"}' };
  expect(load({ ...project, "postern.config.ts": CONFIG })).toContain('"type": "module"');
  expect(load({ ...project, "postern.config.mts": CONFIG })).toEqual({ mountPath: "/doors" });
});

test("a file that is not there, breaks, or exports nothing says what to do", () => {
  expect(load({})).toContain("Create it with");
  expect(load({ "postern.config.mjs": "throw new Error('broken')" })).toContain("Mend the file");
  expect(load({ "postern.config.mjs": "export const options = {}" })).toContain(
    "export default defineConfig",
  );
});
