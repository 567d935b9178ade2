import { sha256 } from "../crypto/hash.ts";
import { addressBlock } from "../web/address-block.ts";
import type { Counted } from "./notices.ts";

/** Everybody at one address; where it is not known, nobody is counted, as all would share one count. */
export function atAddress(address: string | null): Counted {
  return { key: address === null ? null : addressBlock(address), address };
}

/** One person who is known here. */
export function byPerson(userId: string, address: string | null): Counted {
  return { key: userId, userId, address };
}

/** One person as a provider knows them. */
export function byIdentity(
  {
    provider,
    issuer,
    subject,
  }: { readonly provider: string; readonly issuer: string; readonly subject: string },
  address: string | null,
): Counted {
  const key = sha256(JSON.stringify([provider, issuer, subject]));
  return { key, address, detail: { provider, issuer, subject } };
}

/** Everybody at one provider. */
export function atProvider(provider: string): Counted {
  return { key: provider, detail: { provider } };
}

export const EVERYBODY: Counted = { key: "everybody" };
