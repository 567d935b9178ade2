import type { Principal } from "../model/principal.ts";

/** How far the clocks of two instances may be apart, in milliseconds: one may have confirmed what the other judges. */
const TOLERANCE = 60_000;

/** How recently somebody must have confirmed who they are before they change how they sign in, in milliseconds. */
export const FRESH_FOR_ACCOUNT = 10 * 60_000;

/**
 * Whether the provider has vouched for this person less than `within` milliseconds ago. Exactly so long ago is too long,
 * and so is a time that has yet to come: a clock that was set back must not keep a session fresh.
 */
export function isFresh({ session }: Pick<Principal, "session">, within: number, now: number): boolean {
  const age = now - Date.parse(session.authenticatedAt);
  return age < within && age >= -TOLERANCE;
}
