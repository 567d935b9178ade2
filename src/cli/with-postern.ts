import { type Log, SILENT_LOG } from "../model/log.ts";
import type { Settings } from "../options.ts";
import { checkOptions } from "../options-check.ts";
import { type Postern, visitPostern } from "../postern.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { loadOptions } from "./load-options.ts";
import type { Output } from "./output.ts";
import { type PlaceKind, requireDatabaseFile, sayWhere } from "./place.ts";

/** What the commands about people work with. */
export interface Office {
  readonly door: Postern;
  readonly settings: Settings;
  readonly kind: PlaceKind;
}

/**
 * Opens the application's Postern without its server, says where that is, and closes it again.
 * @throws CliFailure `config_missing`, `store_unavailable`; ConfigError; PosternError `store_unavailable`,
 * `migrations_pending`
 */
export async function withPostern(
  invocation: Invocation,
  work: (office: Office) => Promise<void>,
): Promise<void> {
  const { flags, env, out } = invocation;
  const options = await loadOptions(invocation);
  if (options === null) throw configMissing();
  const settings = checkOptions({ ...options, log: SILENT_LOG }, env);
  const kind = kindOf(settings, invocation);
  sayWhere(invocation, settings.database, kind);
  requireDatabaseFile(settings.database, flags);

  const door = await visitPostern({
    ...options,
    secret: settings.secrets,
    publicUrl: settings.publicUrl.href,
    database: settings.database,
    // Whoever looks at an application must not change its database; the demo belongs to us.
    autoMigrate: flags.demo,
    // The application's own log may write to stdout, which is for data.
    log: talkingLog(out),
  });
  try {
    await work({ door, settings, kind });
  } finally {
    await door.close();
  }
}

/** There is no configuration here, and what can be done about it. */
export function configMissing(): CliFailure {
  const folder = process.cwd();
  return new CliFailure("config_missing", (words) => words.configMissing(folder), {
    hint: (words) => words.configMissingHint,
    more: { folder },
  });
}

/** What kind of place the application is. */
export function kindOf({ publicUrl }: Settings, { flags, env }: Invocation): PlaceKind {
  if (flags.demo) return "demo";
  return env.NODE_ENV === "production" || publicUrl.protocol === "https:" ? "production" : "development";
}

function talkingLog(out: Output): Log {
  const write = (fields: object, message: string) => out.complain(`${message} ${JSON.stringify(fields)}`);
  return out.verbose
    ? { debug: write, info: write, warn: write, error: write }
    : { ...SILENT_LOG, error: write };
}
