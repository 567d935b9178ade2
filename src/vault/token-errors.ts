import { PosternError } from "../errors.ts";
import type { KeptTokens } from "../model/kept-tokens.ts";

/** The person must sign in again: `not_kept`, `unreadable`, `expired`, or what the provider says. */
export function tokenGone(provider: string, reason: string): PosternError {
  return new PosternError("token_gone", `There is no token of this person at ${provider} any more.`, {
    reason,
  });
}

/** It may work later, or once the set-up is mended; which of both the code says. */
export function refreshFailed(
  provider: string,
  { code, left }: NonNullable<KeptTokens["pause"]>,
  reason: string,
): PosternError {
  return new PosternError(code, `The token at ${provider} could not be refreshed.`, {
    reason,
    retryAfter: left,
  });
}
