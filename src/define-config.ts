import type { OnlyRegistered, PosternOptions } from "./options.ts";

/**
 * Names the options of `postern.config.ts` and keeps their exact type, so that a misspelt role or permission does not compile.
 *
 * @example
 * export default defineConfig({ publicUrl: "https://admin.example.com", providers: [google({ clientId, clientSecret })] });
 */
export function defineConfig<const Options extends PosternOptions>(
  options: Options & OnlyRegistered<Options>,
): Options {
  return options;
}
