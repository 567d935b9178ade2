import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigError } from "./errors.ts";
import type { PosternOptions } from "./options.ts";

const NAMES = ["postern.config.ts", "postern.config.mts", "postern.config.js", "postern.config.mjs"];

/** The configuration file of the working directory, absolute; `null` = there is none. */
export function findConfig(): string | null {
  return NAMES.map((name) => resolve(name)).find(existsSync) ?? null;
}

/**
 * Reads the configuration file that application, command line and gateway share: `file`, or `POSTERN_CONFIG`, or
 * `postern.config.*` in the working directory. Node runs TypeScript files as they are.
 * @throws ConfigError when there is none, or when it cannot be loaded
 */
export async function loadConfig(
  file: string | undefined = process.env.POSTERN_CONFIG,
): Promise<PosternOptions> {
  const path = file === undefined ? findConfig() : resolve(file);
  if (path === null || !existsSync(path)) {
    throw new ConfigError([
      {
        path: file ?? "postern.config.ts",
        message: `is not there (looked in ${process.cwd()})`,
        fix: "Create it with: export default defineConfig({ … }), or name it with POSTERN_CONFIG.",
      },
    ]);
  }
  const loaded: { readonly default?: PosternOptions } = await import(pathToFileURL(path).href).catch(
    (error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      throw new ConfigError([
        {
          path,
          message: `cannot be loaded: ${message}`,
          fix: /outside a module|require\(\) of ES Module/.test(message)
            ? 'Set "type": "module" in package.json, or call the file postern.config.mts.'
            : "Mend the file; Node must be able to import it.",
        },
      ]);
    },
  );
  if (loaded.default === undefined) {
    throw new ConfigError([
      { path, message: "has no default export", fix: "Write: export default defineConfig({ … });" },
    ]);
  }
  return loaded.default;
}
