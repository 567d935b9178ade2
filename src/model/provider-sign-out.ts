/** A session that has ended here and is still to be ended at the provider, by the same browser, in the next moments. */
export interface ProviderSignOut {
  /** SHA-256 of the `state` that the browser will come back with. */
  readonly stateHash: string;
  /** Provider instance id. */
  readonly provider: string;
  /** The ID token, sealed for this sign-out; `null` = none. */
  readonly idToken: string | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface ProviderSignOutWriter {
  insert(signOut: ProviderSignOut): Promise<void>;
  /** Leaves it where it is. Answers `null` when there is none, or when it has expired. */
  find(stateHash: string): Promise<ProviderSignOut | null>;
  /** Takes it out, once. Answers `null` when there is none, or when it has expired. */
  take(stateHash: string): Promise<ProviderSignOut | null>;
}
