import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type CodeBlock, codeBlocksOf, headingLevelsOf } from "./markdown.ts";
import { commandsOf, PROVEN_COMMANDS, provenCommand } from "./shell-commands.ts";
import { typeErrorsIn } from "./type-check.ts";

const ROOT = join(import.meta.dirname, "../..");

const PAGES = [
  "README.md",
  "README.zh-CN.md",
  "CONTRIBUTING.md",
  ...globSync("docs/**/*.md", { cwd: ROOT }).sort(),
];

/** What a block may hold. `ts`, `json` and `sh` are checked; the others are for people to read. */
const LANGUAGES = ["ts", "json", "sh", "console", "text", "nginx", "yaml", "caddy", "sql", "python", "go"];

const read = (page: string) => readFileSync(join(ROOT, page), "utf8");

const blocks: readonly CodeBlock[] = PAGES.flatMap((page) => codeBlocksOf(page, read(page)));

const written = (language: string) => blocks.filter((block) => block.language === language);

describe("code blocks", () => {
  test("say what they hold", () => {
    const others = blocks.filter(({ language }) => !LANGUAGES.includes(language));
    expect(others.map(({ page, line, language }) => `${page}:${line}: ${language || "no language"}`)).toEqual(
      [],
    );
  });

  test("in TypeScript compile against the package", { timeout: 120_000 }, async () => {
    expect((await typeErrorsIn(written("ts"))).join("\n")).toBe("");
  });

  test("in JSON can be parsed", () => {
    const broken = written("json").filter(({ text }) => !isJson(text));
    expect(broken.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
  });
});

describe("commands", () => {
  const commands = written("sh").flatMap(({ page, line, text }) =>
    commandsOf(text).map((command) => ({ command, where: `${page}:${line}` })),
  );

  test("are proven by a test, every one", () => {
    const unproven = commands.filter(({ command }) => provenCommand(command) === null);
    expect(unproven.map(({ command, where }) => `${where}: ${command}`)).toEqual([]);
  });

  test("are proven by tests that exist, and none is proven in vain", () => {
    expect(PROVEN_COMMANDS.filter(({ provenBy }) => !existsSync(join(ROOT, provenBy)))).toEqual([]);
    const used = new Set(commands.map(({ command }) => provenCommand(command)));
    expect(PROVEN_COMMANDS.filter((row) => !used.has(row))).toEqual([]);
  });
});

describe("the two languages of the front page keep step", () => {
  const english = read("README.md");
  const chinese = read("README.zh-CN.md");

  test("in their headings", () => {
    expect(headingLevelsOf("README.zh-CN.md", chinese)).toEqual(headingLevelsOf("README.md", english));
  });

  test("in their code", () => {
    const code = (page: string, text: string) =>
      codeBlocksOf(page, text).map(({ language, text }) => ({ language, text }));
    expect(code("README.zh-CN.md", chinese)).toEqual(code("README.md", english));
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
