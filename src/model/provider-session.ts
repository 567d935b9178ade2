/**
 * What is known of the session that somebody has at the provider, beside their session here: so that they can be
 * signed out there, and so that the provider can sign them out here. Kept only where one of the two is possible.
 */
export interface ProviderSession {
  /** Ends with this session. */
  readonly sessionId: string;
  /** Provider instance id. */
  readonly provider: string;
  /** `iss` of the ID token. */
  readonly issuer: string;
  /** `sub` of the ID token, which need not be what the identity is kept under. */
  readonly subject: string;
  /** `sid` of the ID token; `null` = the provider does not tell. */
  readonly sid: string | null;
  /** The ID token, sealed for this session; `null` = not needed, or too long to be sent along. */
  readonly idToken: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * Which sessions a provider means: those of one session there (`sid`), and of this person those of which we do not know
 * what they are called there; or, without a `sid`, all of the person.
 */
export interface ProviderSessionKey {
  /** Provider instance id. */
  readonly provider: string;
  readonly issuer: string;
  readonly sid: string | null;
  readonly subject: string | null;
}

export interface ProviderSessionReader {
  get(sessionId: string): Promise<ProviderSession | null>;
}

export interface ProviderSessionWriter extends ProviderSessionReader {
  /** One for each session. */
  insert(session: ProviderSession): Promise<void>;
  /** Forgets what is known of the session at the provider; the session itself stays. */
  delete(sessionId: string): Promise<void>;
  /** Ids of our sessions. */
  find(key: ProviderSessionKey): Promise<readonly string[]>;
}
