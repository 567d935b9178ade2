import type { Identity } from "../model/identity.ts";
import type { Store } from "../model/store.ts";
import type { AdmitInput } from "./admission.ts";

/** By the person's id, or by another one that the provider says is theirs too. */
export async function findIdentity(
  { identities }: Pick<Store, "identities">,
  { provider, userInfo }: Pick<AdmitInput, "provider" | "userInfo">,
): Promise<Identity | null> {
  const { issuer, subject, subjectAliases } = userInfo;
  for (const known of [subject, ...subjectAliases]) {
    const identity = await identities.find({ provider, issuer, subject: known });
    if (identity !== null) return identity;
  }
  return null;
}
