import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CodeBlock } from "./markdown.ts";

const ROOT = join(import.meta.dirname, "../..");
/** Inside the project, so that examples find the same dependencies as the sources. */
const GENERATED = join(import.meta.dirname, ".generated");

/**
 * Names that examples use without declaring them, and their types. Kept short: an example that a reader can copy
 * declares what it uses.
 */
const FREE_NAMES: Readonly<Record<string, string>> = {};

/**
 * Type-checks examples against our sources, under the names that people import, and answers what is wrong as
 * `page:line: message`. An example whose first line is `// name.ts` is a file of that name beside the others of its
 * page, so that they may import each other.
 */
export async function typeErrorsIn(blocks: readonly CodeBlock[]): Promise<readonly string[]> {
  await mkdir(GENERATED, { recursive: true });
  const folder = await mkdtemp(join(GENERATED, "examples-"));
  try {
    const pages = await writeExamples(folder, blocks);
    await writeFile(join(folder, "free-names.d.ts"), declarations());
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(await configuration()));
    const complaints = (await compile(folder)).matchAll(/^([^(\s]+)\((\d+),\d+\): (.*)$/gm);
    // What is wrong in our own sources is for the type check of the project.
    return [...complaints].flatMap(([, file = "", line, message]) =>
      pages.has(file) ? [`${pages.get(file)}:${line}: ${message}`] : [],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers which page each file comes from. */
async function writeExamples(
  folder: string,
  blocks: readonly CodeBlock[],
): Promise<ReadonlyMap<string, string>> {
  const pages = new Map<string, string>();
  for (const block of blocks) {
    const file = fileOf(block);
    if (pages.has(file))
      throw new Error(`${block.page}:${block.line}: a second example with the same file name.`);
    pages.set(file, block.page);
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // Empty lines above make the compiler count as the page does.
    await writeFile(join(folder, file), "\n".repeat(block.line - 1) + block.text);
  }
  return pages;
}

function fileOf({ page, line, text }: CodeBlock): string {
  const named = /^\/\/ ([\w.-]+\.ts)\b/.exec(text)?.[1];
  return `${page.replace(/\W+/g, "-")}/${named ?? `line-${line}.ts`}`;
}

function declarations(): string {
  return Object.entries(FREE_NAMES)
    .map(([name, type]) => `declare const ${name}: ${type};\n`)
    .join("");
}

async function configuration(): Promise<object> {
  const { name, exports } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));
  const paths = Object.entries<string | null>(exports).flatMap(([subpath, target]) => {
    if (!target?.endsWith(".js")) return [];
    const source = target.replace("./dist/", `${ROOT}/src/`).replace(/\.js$/, ".ts");
    return [[name + subpath.slice(1), [source]]];
  });
  return {
    extends: join(ROOT, "tsconfig.json"),
    compilerOptions: {
      paths: Object.fromEntries(paths),
      moduleDetection: "force",
      // An example may stop before it uses what it has made.
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: ["**/*.ts"],
  };
}

function compile(folder: string): Promise<string> {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [compiler, "--pretty", "false"], { cwd: folder }, (error, stdout, stderr) => {
      // Complaints end with code 1 or 2; anything else is a compiler that did not run.
      if (error !== null && error.code !== 1 && error.code !== 2) reject(new Error(stderr, { cause: error }));
      else if (/^error TS/m.test(stdout)) reject(new Error(stdout));
      else resolve(stdout);
    });
  });
}
