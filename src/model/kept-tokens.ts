import type { ErrorCode } from "../errors.ts";
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
  /** Milliseconds that whoever refreshes them still has, less than 0 = it is late; `null` = nobody does. */
  readonly leaseLeft: number | null;
  /** Milliseconds until a refresh may be tried again, and why; `null` = at once. */
  readonly pause: { readonly left: number; readonly code: RefreshFailure } | null;
  /** The last refresh has failed, or nobody has told its end: its answer may be lost, and the refresh token used up. */
  readonly isDoubtful: boolean;
}

/** Why a refresh did not work, as far as it may work later. */
export type RefreshFailure = Extract<
  ErrorCode,
  "provider_unavailable" | "provider_rejected" | "provider_untrusted" | "clock_skew"
>;

/** What is to be kept. */
export type SealedTokens = Pick<KeptTokens, "identityId" | "sealed" | "keyId">;

/** Tokens as somebody has read them; every change of theirs names the version that it builds on. */
export type TokenVersion = Pick<KeptTokens, "identityId" | "version">;

export interface KeptTokensReader {
  /** `null` = none are kept for this identity. */
  get(identityId: string): Promise<KeptTokens | null>;
  /** Those of the identity that an active user has signed in with last; `null` = none. */
  find(userId: string, provider: string): Promise<KeptTokens | null>;
  /** Those that are sealed with another key than this one, by identity, from after this one on. */
  sealedOtherwise(keyId: string, after: string, limit: number): Promise<readonly KeptTokens[]>;
  /** Those of all identities of a user. */
  ofUser(userId: string): Promise<readonly KeptTokens[]>;
}

/** All times by the clock of the database, which every instance has in common. */
export interface KeptTokensWriter extends KeptTokensReader {
  /** Keeps them in place of those that were there; whoever is about to replace those comes too late. */
  put(tokens: SealedTokens): Promise<void>;
  /** Takes them out for good; answers those that were there. */
  delete(identityIds: readonly string[]): Promise<readonly KeptTokens[]>;

  /**
   * Begins a refresh: answers the version that its holder writes with, `null` = somebody else has it, or it must
   * wait. Who is more than `patience` milliseconds late has lost it.
   */
  claim(tokens: TokenVersion, lease: Lease & { readonly patience: number }): Promise<number | null>;
  /** Changes nothing when the lease was lost. */
  renew(held: TokenVersion, lease: Pick<Lease, "milliseconds">): Promise<void>;
  /** Ends a refresh with new tokens. Answers false when the lease was lost: nothing is written then. */
  settle(held: TokenVersion, tokens: SealedTokens): Promise<boolean>;
  /** Ends a refresh without; it may be tried again after the pause. Answers false when the lease was lost. */
  release(held: TokenVersion, pause: NonNullable<KeptTokens["pause"]>): Promise<boolean>;
  /**
   * Puts the same tokens, sealed anew, in place of exactly this seal; whoever refreshes them notices nothing. Answers
   * false when others are there by now.
   */
  reseal(from: string, to: SealedTokens): Promise<boolean>;
  /** Ends a refresh with nothing left to keep. Answers false when the lease was lost. */
  drop(held: TokenVersion): Promise<boolean>;
}

/** Who refreshes, and for how long. */
export interface Lease {
  /** For people to read: host and process. */
  readonly owner: string;
  readonly milliseconds: number;
}
