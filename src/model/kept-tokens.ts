import type { IdentityKey } from "./identity.ts";

/** Whose tokens they are, and from where. Bound into the seal: moved to anybody else they cannot be read. */
export interface TokenOwner extends Pick<IdentityKey, "provider"> {
  readonly userId: string;
  readonly identityId: string;
}

/** A person's tokens at a provider, sealed. One row for each identity. */
export interface KeptTokens extends TokenOwner {
  /** Opens only for its owner, with the key whose id stands in it. */
  readonly sealed: string;
  /** The key that it is sealed with. */
  readonly keyId: string;
  /** Counts up whenever the tokens change hands or are replaced: whoever writes must know it. */
  readonly version: number;
}

/** What is to be kept. */
export type SealedTokens = Pick<KeptTokens, "identityId" | "sealed" | "keyId">;

export interface KeptTokensReader {
  /** `null` = none are kept for this identity. */
  get(identityId: string): Promise<KeptTokens | null>;
  /** Those of all identities of a user. */
  ofUser(userId: string): Promise<readonly KeptTokens[]>;
}

export interface KeptTokensWriter extends KeptTokensReader {
  /** Keeps them in place of those that were there; whoever is about to replace those comes too late. */
  put(tokens: SealedTokens): Promise<void>;
  /** Takes them out for good; answers those that were there. */
  delete(identityIds: readonly string[]): Promise<readonly KeptTokens[]>;
}
