import { randomToken } from "../crypto/random.ts";
import { findConfig, loadConfig } from "../load-config.ts";
import type { PosternOptions } from "../options.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";

/**
 * The configuration that a command acts by: the demo's, the file that is named, or the one of this folder; `null` =
 * there is none. @throws ConfigError when it cannot be loaded, CliFailure for the demo's in production
 */
export async function loadOptions({
  flags,
  env,
}: Pick<Invocation, "flags" | "env">): Promise<PosternOptions | null> {
  if (flags.demo) return demoOptions(env);
  const named = flags.config ?? env.POSTERN_CONFIG ?? findConfig();
  return named === null ? null : loadConfig(named);
}

async function demoOptions(env: Invocation["env"]): Promise<PosternOptions> {
  if (env.NODE_ENV === "production") {
    throw new CliFailure("config_invalid", (words) => words.demoInProduction);
  }
  const { demoConfig } = await import("../rehearsal/demo-config.ts");
  const addresses = { publicUrl: "http://localhost:4180", rehearsalUrl: "http://localhost:4181" };
  // Nothing is sealed here, so any secret will do; the demo's own would be made where there is no demo.
  return demoConfig(addresses, { POSTERN_SECRET: randomToken(), ...env });
}
