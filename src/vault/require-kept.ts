import { ConfigError, PosternError } from "../errors.ts";
import type { Provider, ProviderApiDoor } from "../providers/provider.ts";
import type { Runtime } from "../runtime.ts";

/** The provider of that id, whose tokens are kept. @throws PosternError `unknown_provider`, ConfigError without `keepTokens` */
export function requireKept(
  { providers, settings }: Pick<Runtime, "providers" | "settings">,
  id: string,
): Provider {
  const provider = providers.get(id);
  if (provider === undefined) {
    const known = [...providers.keys()].join(", ");
    throw new PosternError("unknown_provider", `There is no provider "${id}". Configured are: ${known}.`);
  }
  if (provider.keepsTokens) return provider;
  throw new ConfigError([
    {
      path: `${pathOf(settings, id)}.keepTokens`,
      message: "is not set, so there is no token to call the provider with",
      fix: "Write keepTokens: true. It holds for whoever signs in from then on.",
    },
  ]);
}

/** How its API is called. @throws as `requireKept`, and ConfigError where nobody said where the API is */
export function requireApi(
  runtime: Pick<Runtime, "providers" | "settings">,
  id: string,
): { readonly provider: string; readonly api: ProviderApiDoor } {
  const { api } = requireKept(runtime, id);
  if (api !== null) return { provider: id, api };
  throw new ConfigError([
    {
      path: `${pathOf(runtime.settings, id)}.apiUrl`,
      message: "is not set, and this provider is not known to have one API",
      fix: "Write apiUrl where the provider takes it, or take accessToken(user, provider) and call what it is for.",
    },
  ]);
}

function pathOf({ providers }: Pick<Runtime["settings"], "providers">, id: string): string {
  return `providers[${providers.findIndex((definition) => definition.id === id)}]`;
}
