import { createSealer } from "../../src/crypto/seal.ts";
import type { Store } from "../../src/model/store.ts";
import type { TokenSet } from "../../src/model/token-set.ts";
import { openTokens, sealTokens } from "../../src/vault/token-seal.ts";
import { SECRET } from "./back-office.ts";

const sealer = createSealer([SECRET]);

/** The tokens of somebody as they are kept, opened; one for each identity. */
export async function readTokens(store: Store, userId: string): Promise<readonly TokenSet[]> {
  const kept = await store.tokens.ofUser(userId);
  return kept.map((one) => openTokens({ sealer }, one)).filter((tokens) => tokens !== null);
}

/** Makes the access tokens of somebody look as if their time were up, or changes something else about them. */
export async function changeTokens(
  store: Store,
  userId: string,
  change: Partial<TokenSet> = { expiresAt: 1 },
): Promise<void> {
  for (const kept of await store.tokens.ofUser(userId)) {
    const tokens = openTokens({ sealer }, kept);
    if (tokens === null) throw new Error("A kept token does not open.");
    await store.transaction((tx) => tx.tokens.put(sealTokens({ sealer }, kept, { ...tokens, ...change })));
  }
}
