/**
 * The part of the build that makes the JavaScript: one file for each name that people import, and what these share in a
 * few files below `dist/parts`. A module costs a start some time and about 80 KB whatever is in it, so neither ours
 * nor those of the libraries inside are loaded one by one (decisions/029).
 */

import { chmod, cp, glob, readFile, writeFile } from "node:fs/promises";
import { isAbsolute, join, sep } from "node:path";
import { rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

/**
 * Bundled into our own files, with their licences. What verifies signatures and speaks the protocol is not: a fix of it
 * must reach people without us.
 */
const BUNDLED = /^(kysely|hono|@hono\/node-server|cac|zod)(\/|$)/;

const bundle = await rolldown({
  cwd: root,
  input: await entries(),
  platform: "node",
  external: (specifier) => !/^[./]/.test(specifier) && !isAbsolute(specifier) && !BUNDLED.test(specifier),
  onLog: (_level, { message }) => {
    throw new Error(message);
  },
});
const { output } = await bundle.write({
  dir: "dist",
  format: "esm",
  // One folder deep, as the sources are: what reads a file beside its own folder finds it in both.
  chunkFileNames: "parts/[name].js",
  comments: { jsdoc: false },
});
await bundle.close();

for (const file of output) {
  if (file.type !== "chunk") continue;
  const depth = file.fileName.split("/").length;
  if (depth !== 2 && file.code.includes("import.meta.")) {
    throw new Error(`${file.fileName} asks where it stands, and stands elsewhere than its source.`);
  }
}

for await (const file of glob("**/*.{css,svg}", { cwd: join(root, "src") })) {
  await cp(join(root, "src", file), join(root, "dist", file));
}
await writeFile(join(root, "dist/THIRD-PARTY-LICENSES.txt"), await licences());

// npm does this when it installs the package; whoever builds a clone runs the file itself.
await chmod(join(root, "dist/cli/bin.js"), 0o755);

/** The sources of every name that the package publishes, by the file that each becomes. */
async function entries(): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  const exported = Object.entries<string | null>(manifest.exports);
  const withheld = exported.filter(([, target]) => target === null).map(([name]) => name);
  for (const target of [...exported.map(([, path]) => path), manifest.bin.postern]) {
    if (target === null || !target.includes("dist/")) continue;
    const pattern = target.replace(/^(\.\/)?dist\//, "").replace(/\.js$/, ".ts");
    for await (const file of glob(pattern, { cwd: join(root, "src") })) {
      const source = file.split(sep).join("/");
      const name = source.slice(0, -".ts".length);
      if (source.endsWith(".test.ts") || withheld.includes(`./${name}`)) continue;
      found[name] = `src/${source}`;
    }
  }
  return found;
}

/** The licences of everything that the bundle holds and we have not written. */
async function licences(): Promise<string> {
  const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []));
  const folders = modules.flatMap((id) => id.match(/^.*\/node_modules\/(@[^/]+\/)?[^/]+/)?.[0] ?? []);
  const texts = [...new Set(folders)].toSorted().map(async (folder) => {
    const { name, version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${await readFile(join(folder, "LICENSE"), "utf8")}`;
  });
  return (await Promise.all(texts)).join("\n---\n\n");
}
