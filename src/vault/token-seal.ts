import type { KeptTokens, SealedTokens, TokenOwner } from "../model/kept-tokens.ts";
import type { TokenSet } from "../model/token-set.ts";
import type { Runtime } from "../runtime.ts";

/** Seals tokens for their owner. In another row, or for another person, they do not open. */
export function sealTokens(
  { sealer }: Pick<Runtime, "sealer">,
  owner: TokenOwner,
  tokens: TokenSet,
): SealedTokens {
  const sealed = sealer.seal("token-vault", tokens, boundTo(owner));
  return { identityId: owner.identityId, sealed, keyId: sealer.keyId };
}

/** What was sealed; `null` when none of our secrets opens it for this owner. */
export function openTokens(
  { sealer }: Pick<Runtime, "sealer">,
  kept: TokenOwner & Pick<KeptTokens, "sealed">,
): TokenSet | null {
  return sealer.open("token-vault", kept.sealed, boundTo(kept)) as TokenSet | null;
}

/** JSON keeps the parts apart whatever they hold. */
function boundTo({ userId, identityId, provider }: TokenOwner): string {
  return JSON.stringify([userId, identityId, provider]);
}
