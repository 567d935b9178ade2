/** The provider's answer to a token request (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). Secrets: never log one. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly idToken: string | null;
  /** Milliseconds since the epoch, `null` when the provider does not tell. */
  readonly expiresAt: number | null;
  /** As granted, `null` when the provider does not tell. */
  readonly scope: string | null;
  /** What else the answer told that is needed to ask about the person again; left out = the provider needs nothing of it. */
  readonly remembered?: Readonly<Record<string, unknown>>;
}
