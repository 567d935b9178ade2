import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");

const runFile = promisify(execFile);

/** The package as people get it, unpacked in an empty project. */
export interface PackedPackage {
  /** The project. */
  readonly project: string;
  /** The package in its `node_modules`. */
  readonly folder: string;
  /** Every file in it, below `folder`. */
  readonly files: readonly string[];
  /** Runs JavaScript as a module of the project and answers what it printed. @throws Error with what went wrong. */
  run(javaScript: string): Promise<string>;
  /** Compiles strict TypeScript as a module of the project, our declarations included, and answers the complaints. */
  compile(typeScript: string): Promise<string>;
  remove(): Promise<void>;
}

/** Packs what the last build made, and puts it into a project beside the dependencies that it names and `more`. */
export async function packPackage(more: readonly string[] = []): Promise<PackedPackage> {
  const project = await mkdtemp(join(tmpdir(), "postern-packed-"));
  const folder = join(project, "node_modules/postern");
  await mkdir(folder, { recursive: true });
  const { name, files } = await pack(project);
  // --strip-components, because npm puts everything below `package/`.
  await runFile("tar", ["-xzf", join(project, name), "-C", folder, "--strip-components=1"]);
  for (const dependency of [...(await dependenciesOf(folder)), ...more]) await link(project, dependency);

  return {
    project,
    folder,
    files,
    run: async (javaScript) => {
      const words = ["--input-type=module", "--eval", javaScript];
      return (await runFile(process.execPath, words, { cwd: project })).stdout.trim();
    },
    compile: (typeScript) => compile(project, typeScript),
    remove: () => rm(project, { recursive: true, force: true }),
  };
}

async function compile(project: string, typeScript: string): Promise<string> {
  const compilerOptions = {
    strict: true,
    module: "nodenext",
    target: "es2022",
    types: ["node"],
    noEmit: true,
  };
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["app.ts"] }));
  await writeFile(join(project, "app.ts"), typeScript);
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  const words = [compiler, "--pretty", "false"];
  return runFile(process.execPath, words, { cwd: project }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

async function pack(destination: string): Promise<{ name: string; files: readonly string[] }> {
  // Without scripts: packing would build again, under the feet of other tests.
  const words = ["pack", "--ignore-scripts", "--json", "--pack-destination", destination];
  const { stdout } = await runFile("npm", words, { cwd: ROOT, shell: process.platform === "win32" });
  const [tarball] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  if (tarball === undefined) throw new Error("npm pack made no tarball.");
  return { name: tarball.filename, files: tarball.files.map(({ path }) => path) };
}

async function dependenciesOf(folder: string): Promise<readonly string[]> {
  const { dependencies = {} } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  return Object.keys(dependencies);
}

async function link(project: string, dependency: string): Promise<void> {
  const target = join(project, "node_modules", dependency);
  await mkdir(dirname(target), { recursive: true });
  await symlink(join(ROOT, "node_modules", dependency), target, "junction");
}
