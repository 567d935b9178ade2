import type { ReturnTarget } from "../web/return-target.ts";

/**
 * Why somebody is sent to the provider: to sign in, or, signed in already, to confirm that it is them, or to add the
 * account that they have there. A transaction for one purpose never serves another.
 */
export type LoginPurpose = "login" | "step-up" | "link";

/** Somebody who is signed in already, and the session in which they began; it counts in no other. */
export interface Beginner {
  readonly userId: string;
  /** SHA-256 of the secret of the session. */
  readonly secretHash: string;
}

/**
 * What must still be true when the browser comes back. Sealed into a cookie of that browser; the store hears of it
 * only when it is spent.
 */
export interface LoginTransaction {
  readonly purpose: LoginPurpose;
  readonly provider: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly returnTo: ReturnTarget;
  /** Who began it; absent only for a sign-in. */
  readonly begunBy?: Beginner;
  /** Only a sign-in at the provider since then counts; milliseconds since the epoch. */
  readonly freshSince?: number;
  /** What the provider wants to have again, such as the secret of a temporary token (RFC 5849 §2.1). */
  readonly extra?: Readonly<Record<string, string>>;
  /**
   * SHA-256 of the secret of the session that the browser had when it left. Only where the callback is posted from
   * another site: the session's own cookie is `Lax` and does not come along then.
   */
  readonly formerSession?: string;
  /** SHA-256 of the token of the invitation that this browser has accepted. */
  readonly invitation?: string;
  /** SHA-256 of the secret of an owner link that the browser held, for the same reason. */
  readonly ownerLink?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface LoginTransactionWriter {
  /** Spends the transaction. Answers false when it was spent before, whoever asks and however often at once. */
  consume(stateHash: string, expiresAt: number): Promise<boolean>;
}
