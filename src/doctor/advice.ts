import type { ProviderDefinition } from "../providers/definition.ts";
import type { LocalizedName } from "../providers/provider.ts";
import type { ToldTrouble } from "./connection-trouble.ts";

/** What the definition advises about a failure: by the provider's own code first, then by ours; `null` = nothing. */
export function adviceFor(
  definition: Pick<ProviderDefinition, "guide">,
  { reason, detail }: ToldTrouble,
): LocalizedName | null {
  const advice = definition.guide?.advice ?? {};
  for (const code of [detail.providerCode, reason]) {
    if (typeof code === "string" && Object.hasOwn(advice, code)) return advice[code] ?? null;
  }
  return null;
}
