import type { FreshnessHook, ProviderDefinition } from "../definition.ts";

/** Who must have signed in a minute before the attempt at the earliest, in seconds: the difference of clocks is as much. */
const MAX_AGE = 60;

/** `max_age` makes `auth_time` a must (OpenID Connect Core §3.1.2.1); `prompt=login` alone does not. */
const BY_THE_BOOK: FreshnessHook = {
  parameters: { prompt: "login", max_age: String(MAX_AGE) },
  authTime: true,
};
/** A place that can be asked for nothing: that somebody has been there and back is all there is to have. */
export const ROUND_TRIP: FreshnessHook = { parameters: {}, authTime: false };

/** How this place is asked for a fresh sign-in, and whether it says when that was. */
export function freshnessOf({ kind, freshness }: ProviderDefinition): FreshnessHook {
  return freshness ?? (kind === "oidc" ? BY_THE_BOOK : ROUND_TRIP);
}
