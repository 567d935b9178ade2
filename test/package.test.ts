import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PackedPackage, packPackage } from "./support/packed-package.ts";
import { importsOf } from "./support/source-imports.ts";

const ROOT = join(import.meta.dirname, "..");

let packed: PackedPackage;

beforeAll(async () => {
  packed = await packPackage(["express", "@types/express", "@types/node"]);
});

afterAll(() => packed?.remove());

const exportsOf = (specifier: string) =>
  packed.run(`console.log(Object.keys(await import(${JSON.stringify(specifier)})).join(" "))`);

describe("what people import, by its published name", () => {
  test.each([
    ["postern", ["createPostern", "defineConfig", "PosternError", "ConfigError"]],
    ["postern/express", ["postern"]],
    ["postern/providers/github", ["github"]],
    ["postern/providers/google", ["google"]],
    ["postern/providers/oidc", ["oidc"]],
    ["postern/verify", ["createVerifier", "TokenError"]],
    ["postern/browser", ["postern", "FrontEndError"]],
  ])("%s", async (specifier, names) => {
    expect((await exportsOf(specifier)).split(" ")).toEqual(expect.arrayContaining(names));
  });

  test("nothing else", async () => {
    const insides = packed.files
      .filter((path) => path.startsWith("dist/") && path.endsWith(".js"))
      .map((path) => `postern/${path.slice("dist/".length, -".js".length)}`)
      .filter(
        (name) => !/^postern\/(index|providers\/(?!provider$|connect$)[^/]+|testing\/[^/]+)$/.test(name),
      );
    expect(insides.length).toBeGreaterThan(10);

    const tryAll = `for (const name of ${JSON.stringify(insides)}) await import(name).then(() => console.log(name), () => 0)`;
    expect(await packed.run(tryAll)).toBe("");
  });
});

test("postern/verify brings nothing but itself and jose: no store, no framework, nothing of Node", async () => {
  const loaded = await packed.run(`
    import { registerHooks } from "node:module";
    const seen = [];
    registerHooks({ load: (url, context, next) => (seen.push(url), next(url, context)) });
    await import("postern/verify");
    console.log(JSON.stringify(seen));
  `);
  const paths = (JSON.parse(loaded) as string[]).map((url) =>
    /\/node_modules\/(jose)\//.test(url) ? "jose" : url.replace(/.*\/dist\/(\w+)\/.*/, "$1"),
  );
  expect([...new Set(paths)].sort()).toEqual(["jose", "verify"]);
});

test("postern/browser is one file that imports nothing, so that a page can load it as it is", async () => {
  const text = await readFile(join(packed.folder, "dist/browser/index.js"), "utf8");
  expect(importsOf(text)).toEqual([]);
});

describe("its types, in a strict project that checks declarations too", () => {
  test("fit an Express application", async () => {
    const complaints = await packed.compile(`
      import express from "express";
      import { createPostern, defineConfig, PosternError } from "postern";
      import { postern } from "postern/express";
      import { github } from "postern/providers/github";

      const config = defineConfig({ providers: [github({ clientId: "id", clientSecret: "secret" })] });
      const door = await postern(config);
      const app = express();
      app.use(door.routes());
      app.get("/admin", door.requireRole("admin"), (req, res) => {
        res.send(\`Welcome, \${req.user?.name}\`);
      });
      export const core = createPostern(config);
      export const code: string = new PosternError("not_found", "Nothing here.").code;
    `);
    expect(complaints).toBe("");
  });

  test("refuse what is not there", async () => {
    const complaints = await packed.compile(`
      import { github } from "postern/providers/github";
      github({ clientId: 1, clientSecret: "secret" });
    `);
    expect(complaints).toMatch(/^app\.ts\(3,\d+\): error TS2322/);
  });
});

describe("what is in it", () => {
  test("no tests, no source maps, no sources", () => {
    expect(packed.files.filter((path) => /\.test\.|\.map$|\.tsbuildinfo$/.test(path))).toEqual([]);
    expect(packed.files.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))).toEqual([]);
  });

  test("the licence, the instructions in both languages, and where to report a weakness", () => {
    const documents = ["LICENSE", "README.md", "README.zh-CN.md", "SECURITY.md"];
    expect(packed.files).toEqual(expect.arrayContaining(documents));
  });

  test("nothing that points outside of it", async () => {
    const outside: string[] = [];
    for (const path of packed.files) {
      const text = await readFile(join(packed.folder, path), "utf8");
      if (text.includes(ROOT) || text.includes("../shared")) outside.push(path);
      if (!/\.(js|d\.ts)$/.test(path)) continue;
      const folder = join("/", path, "..");
      for (const { specifier } of importsOf(text).filter(({ specifier }) => specifier.startsWith("."))) {
        const target = join(folder, specifier).slice(1);
        const known = [target, target.replace(/\.(js|ts)$/, ".d.ts")].some((name) =>
          packed.files.includes(name),
        );
        if (!known) outside.push(`${path} → ${specifier}`);
      }
    }
    expect(outside).toEqual([]);
  });

  test("everything that it imports at run time is a dependency that npm brings, or one that people choose", async () => {
    const manifest = JSON.parse(await readFile(join(packed.folder, "package.json"), "utf8"));
    const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const missing: string[] = [];
    for (const path of packed.files.filter((path) => path.endsWith(".js"))) {
      const text = await readFile(join(packed.folder, path), "utf8");
      for (const { specifier } of importsOf(text)) {
        if (/^(\.|node:)/.test(specifier)) continue;
        if (!named.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
          missing.push(`${path} → ${specifier}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

test("the lock file names no download addresses, so that npm asks the registry that is configured", async () => {
  const lock = JSON.parse(await readFile(join(ROOT, "package-lock.json"), "utf8"));
  const packages = Object.entries<{ resolved?: string; link?: boolean }>(lock.packages);
  expect(packages.length).toBeGreaterThan(1);
  expect(packages.filter(([, { resolved }]) => resolved?.startsWith("http")).map(([path]) => path)).toEqual(
    [],
  );
});
