import type { TokenOwner } from "../model/kept-tokens.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { Runtime } from "../runtime.ts";
import { openTokens } from "./token-seal.ts";

/** Tokens that are no longer kept, for revoking them at the provider. */
export interface TakenTokens extends TokenOwner {
  /** `null` = they cannot be opened any more. */
  readonly tokens: TokenSet | null;
}

/** Takes the tokens of these identities out for good. The caller's event tells of it. */
export async function takeTokens(
  runtime: Pick<Runtime, "sealer">,
  tx: Pick<StoreTransaction, "tokens">,
  identityIds: readonly string[],
): Promise<readonly TakenTokens[]> {
  const taken = await tx.tokens.delete(identityIds);
  return taken.map((kept) => {
    const { userId, identityId, provider } = kept;
    return { userId, identityId, provider, tokens: openTokens(runtime, kept) };
  });
}

/** Takes all of a person's tokens out for good, for somebody who is shut out. */
export async function takeTokensOf(
  runtime: Pick<Runtime, "sealer">,
  tx: Pick<StoreTransaction, "tokens">,
  userId: string,
): Promise<readonly TakenTokens[]> {
  const kept = await tx.tokens.ofUser(userId);
  return takeTokens(
    runtime,
    tx,
    kept.map(({ identityId }) => identityId),
  );
}
