import { isExpired } from "../model/session.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { Runtime } from "../runtime.ts";
import { type TakenTokens, takeTokens, takeTokensOf } from "./take-tokens.ts";

type Uses = Pick<Runtime, "settings" | "sealer" | "now">;

/**
 * Takes out the tokens that nobody is left for, now that sessions of these identities have ended: those of each identity
 * by which its person is signed in nowhere else, and all of the person's when they are signed in nowhere at all, be it
 * that an account was only added to call its API. What has run out by time counts as signed in no more.
 *
 * The caller has ended the sessions and holds the lock on the person (`users.lock`): of two devices that end at the same
 * moment, the second sees that it was the last.
 */
export async function takeUnused(
  runtime: Uses,
  tx: Pick<StoreTransaction, "sessions" | "tokens">,
  userId: string,
  identityIds: readonly string[],
): Promise<readonly TakenTokens[]> {
  const now = runtime.now();
  const left = (await tx.sessions.ofUser(userId)).filter(
    (session) => !isExpired(session, runtime.settings.session, now),
  );
  if (left.length === 0) return takeTokensOf(runtime, tx, userId);
  const unused = identityIds.filter((id) => !left.some(({ identityId }) => identityId === id));
  return takeTokens(runtime, tx, [...new Set(unused)]);
}
