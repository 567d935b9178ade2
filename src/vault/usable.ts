import type { TokenSet } from "../model/token-set.ts";

/** A token is not given out in its last half minute, in milliseconds: it has a way to go. */
const MARGIN = 30_000;

/** Whether the access token can be sent; `refused` is one that the provider did not take. */
export function isUsable(
  { accessToken, expiresAt, refreshToken }: TokenSet,
  refused: string | null,
  now: number,
): boolean {
  if (accessToken === refused) return false;
  // What cannot be refreshed is used to its end.
  return expiresAt === null || now < expiresAt - (refreshToken === null ? 0 : MARGIN);
}
