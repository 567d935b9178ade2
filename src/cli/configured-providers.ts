import { randomToken } from "../crypto/random.ts";
import { redirectUri } from "../login/begin-attempt.ts";
import { SILENT_LOG } from "../model/log.ts";
import type { PosternOptions, Settings } from "../options.ts";
import { checkOptions } from "../options-check.ts";
import type { ProviderDefinition } from "../providers/definition.ts";
import { nearest } from "../web/nearest.ts";
import { CliFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import { loadOptions } from "./load-options.ts";
import { printable } from "./printable.ts";
import { configMissing, kindOf } from "./with-postern.ts";

/** What the commands about providers work with: the configuration alone, no database. */
export interface ConfiguredProviders {
  readonly settings: Settings;
  /** As they are written, with their problems. */
  readonly definitions: readonly ProviderDefinition[];
  /** The address that the provider sends people back to. */
  callbackOf(definition: ProviderDefinition): string;
}

/**
 * Reads the configuration and says where that is. What is wrong with a provider is left for the command to tell; it
 * needs no secret either, since nothing is sealed. @throws CliFailure `config_missing`; ConfigError
 */
export async function configuredProviders(invocation: Invocation): Promise<ConfiguredProviders> {
  const { env, out, words } = invocation;
  const options = await loadOptions(invocation);
  if (options === null) throw configMissing();
  const settings = checkOptions(forgiving(options), env);
  const { publicUrl, mountPath } = settings;
  const kind = words.place.kinds[kindOf(settings, invocation)];
  out.say(out.paintTalk("dim", `→ ${publicUrl.origin}${mountPath} (${kind})`));
  return {
    settings,
    definitions: options.providers,
    callbackOf: ({ id }) => redirectUri({ settings }, id),
  };
}

/** The provider with that id. @throws CliFailure `provider_not_found`, with the nearest one */
export function findProvider(definitions: readonly ProviderDefinition[], id: string): ProviderDefinition {
  const found = definitions.find((definition) => definition.id === id);
  if (found !== undefined) return found;
  const known = definitions.map((definition) => definition.id);
  const guess = nearest(id, known);
  throw new CliFailure(
    "provider_not_found",
    (words) => words.providers.notFound(printable(id), guess, known.join(", ")),
    { more: { provider: id, didYouMean: guess } },
  );
}

/** The options with providers that find nothing wrong with themselves. */
function forgiving(options: PosternOptions): PosternOptions {
  const providers = Array.isArray(options.providers)
    ? options.providers.map((definition: ProviderDefinition) => withoutProblems(definition))
    : options.providers;
  return { ...options, providers, secret: randomToken(), log: SILENT_LOG };
}

// Not a copy: a definition may be an object of a class.
function withoutProblems(definition: ProviderDefinition): ProviderDefinition {
  return Object.create(definition, { problems: { value: () => [] } });
}
