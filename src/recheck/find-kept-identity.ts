import type { Identity } from "../model/identity.ts";
import type { Store, StoreTransaction } from "../model/store.ts";

/** The identity whose tokens are kept; `null` = it is gone, or none are kept any more. */
export async function findKeptIdentity(
  store: Pick<Store, "tokens" | "identities"> | Pick<StoreTransaction, "tokens" | "identities">,
  identityId: string,
): Promise<Identity | null> {
  const owner = await store.tokens.get(identityId);
  if (owner === null) return null;
  const theirs = await store.identities.ofUser(owner.userId);
  return theirs.find(({ id }) => id === identityId) ?? null;
}
