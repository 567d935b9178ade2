import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "rolldown/utils";
import { describe, expect, test } from "vitest";
import { loadPresets, providerTable, sampleOf, TABLE_PATH } from "../scripts/provider-table.ts";

const ROOT = join(import.meta.dirname, "..");
const presets = await loadPresets();
/** Tests that run the provider suite. A preset that is another one by a new name may share its file. */
const suites = globSync("src/providers/*.test.ts", { cwd: ROOT })
  .map((path) => readFileSync(join(ROOT, path), "utf8"))
  .filter((source) => source.includes("providerSuite("));

describe.each(presets.map((preset) => [preset.name, preset] as const))("%s", (name, preset) => {
  test("exports exactly one preset", () => {
    expect(Object.keys(preset.exports)).toHaveLength(1);
    expect(Object.values(preset.exports)).toEqual([expect.any(Function)]);
  });

  test("has names, a mark, a guide in both languages and a lifecycle", () => {
    const { name: names, mark, guide, lifecycle } = sampleOf(preset);
    expect(names.en).not.toBe("");
    expect(names["zh-CN"]).not.toBe("");
    expect(mark).toMatch(/^M[\d\sA-Za-z.,-]+$/);
    expect(lifecycle).toBeDefined();
    expect(guide?.register).toBeTruthy();
    expect(guide?.redirectRules).not.toEqual([]);
    for (const advice of Object.values(guide?.advice ?? {})) {
      expect(advice.en).toMatch(/\p{Script=Latin}/u);
      expect(advice["zh-CN"]).toMatch(/\p{Script=Han}/u);
    }
  });

  test("does not break on options that are missing, and tells of them", () => {
    const [make] = Object.values(preset.exports) as ((options: object) => ReturnType<typeof sampleOf>)[];
    const problems = make?.({}).problems() ?? [];
    expect(problems.map(({ path }) => path)).toContain("clientId");
    for (const { fix } of problems) expect(fix).not.toBe("");
  });

  test("tells of a name that it does not know", () => {
    const [make] = Object.values(preset.exports) as ((options: object) => ReturnType<typeof sampleOf>)[];
    expect(make?.({ nmae: "Acme" }).problems()).toContainEqual({
      path: "nmae",
      message: "is not an option",
      fix: 'Did you mean "name"? Rename or remove it.',
    });
  });

  test("keeps no tokens unless it is told to", () => {
    const [make] = Object.values(preset.exports) as ((options: object) => ReturnType<typeof sampleOf>)[];
    expect(make?.({}).keepTokens).toBe(false);
    expect(make?.({ keepTokens: true }).keepTokens).toBe(true);
    expect(
      make?.({ keepTokens: true })
        .problems()
        .map(({ path }) => path),
    ).not.toContain("keepTokens");
  });

  test("has its page and its suite", () => {
    expect(existsSync(join(ROOT, `docs/providers/${name}.md`))).toBe(true);
    expect(suites.filter((source) => source.includes(`"./${name}.ts"`))).not.toEqual([]);
  });
});

test("the table of the documentation is that of the definitions", () => {
  expect(readFileSync(TABLE_PATH, "utf8"), "Run: npx node scripts/provider-table.ts").toBe(
    providerTable(presets),
  );
});

/** Names that mean something else as well. */
const AMBIGUOUS = new Set(["oidc", "oauth1", "oauth2", "x", "x-oauth1", "coding"]);
/** Other names of the same places. */
const ALSO = ["entra", "lark", "twitter", "weixin"];
/**
 * Where a name is no special case: imitations, examples in texts, browsers that are called like providers, and domains
 * under which providers host the sites of others.
 */
const EXCUSED =
  /^(rehearsal|testing|cli)\/|\.test\.ts$|^options-check\/|^pages\/user-agent\.ts$|^web\/same-site\.ts$/;

test("no file outside providers/ names a place", () => {
  const names = [...presets.map(({ name }) => name).filter((name) => !AMBIGUOUS.has(name)), ...ALSO];
  const word = new RegExp(`\\b(${names.join("|")})`, "i");
  const named = globSync("**/*.ts", { cwd: join(ROOT, "src") })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.startsWith("providers/") && !EXCUSED.test(path))
    .filter((path) => word.test(withoutComments(readFileSync(join(ROOT, "src", path), "utf8"))));
  expect(names.length).toBeGreaterThan(5);
  expect(named).toEqual([]);
});

test("a name in code is found, a name in a comment is not", () => {
  expect(withoutComments('/* google */ const a = "github"; // gitlab')).toBe(' const a = "github"; ');
});

/** A source without its comments. */
function withoutComments(source: string): string {
  const { comments } = parseSync("source.ts", source);
  return comments.reduceRight((text, { start, end }) => text.slice(0, start) + text.slice(end), source);
}
