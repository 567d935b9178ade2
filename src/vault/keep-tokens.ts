import type { TokenOwner } from "../model/kept-tokens.ts";
import type { StoreTransaction } from "../model/store.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { Runtime } from "../runtime.ts";
import { openTokens, sealTokens } from "./token-seal.ts";

/**
 * Keeps what a sign-in has brought, in its own transaction. Some tell a refresh token only the first time: the one
 * that is there stays until another comes.
 */
export async function keepTokens(
  runtime: Pick<Runtime, "sealer">,
  tx: Pick<StoreTransaction, "tokens">,
  owner: TokenOwner,
  tokens: TokenSet,
): Promise<void> {
  const refreshToken = tokens.refreshToken ?? (await keptRefreshToken(runtime, tx, owner));
  await tx.tokens.put(sealTokens(runtime, owner, { ...tokens, refreshToken }));
}

async function keptRefreshToken(
  runtime: Pick<Runtime, "sealer">,
  tx: Pick<StoreTransaction, "tokens">,
  { identityId }: TokenOwner,
): Promise<string | null> {
  const kept = await tx.tokens.get(identityId);
  return kept === null ? null : (openTokens(runtime, kept)?.refreshToken ?? null);
}
