import type { ProviderDefinition } from "../providers/definition.ts";
import type { LocalizedName } from "../providers/provider.ts";
import type { ToldTrouble } from "./connection-trouble.ts";

/** What the definition advises about a failure: by the provider's own code first, then by ours; `null` = nothing. */
export function adviceFor(
  definition: Pick<ProviderDefinition, "guide">,
  { reason, detail }: ToldTrouble,
): LocalizedName | null {
  const advice = definition.guide?.advice ?? {};
  const codes = [detail.providerCode, reason, SYNONYMS[reason]];
  for (const code of codes) {
    if (typeof code === "string" && Object.hasOwn(advice, code)) return advice[code] ?? null;
  }
  return null;
}

// The word of RFC 6749 and the kind that it comes down to.
const SYNONYMS: Readonly<Record<string, string>> = {
  client_invalid: "invalid_client",
  invalid_client: "client_invalid",
  redirect_mismatch: "redirect_uri_mismatch",
};
