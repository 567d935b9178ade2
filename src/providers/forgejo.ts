import type { ProviderDefinition, Remembered } from "./definition.ts";
import { type GiteaOptions, gitea } from "./gitea.ts";
import type { LocalizedName } from "./provider.ts";

export interface ForgejoOptions extends GiteaOptions {
  /** Default `forgejo`. */
  readonly id?: string | undefined;
  /** Default `Forgejo`. */
  readonly name?: string | LocalizedName | undefined;
}

/** An anvil. */
const MARK = "M3 7h18v3c-3 0-5.5 1.5-6 4h1v3h3v3H5v-3h3v-3h1.5C9 12 6 11 3 10.5Z";

/** Forgejo, and Codeberg, which runs it: all that `gitea` tells holds here too. */
export function forgejo<const Id extends string = "forgejo", Keeps extends boolean = false>(
  options: ForgejoOptions & Remembered<Id, Keeps>,
): ProviderDefinition<NoInfer<Id>, NoInfer<Keeps>>;
export function forgejo(options: ForgejoOptions): ProviderDefinition {
  const { id = "forgejo", name = "Forgejo" } = options;
  return { ...gitea({ ...options, id, name }), mark: MARK };
}
