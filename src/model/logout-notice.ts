import type { ProviderSession, ProviderSessionKey } from "./provider-session.ts";

/**
 * A provider's word that somebody's session there has ended (OpenID Connect Back-Channel Logout §2.4), kept for a while:
 * so that it counts once only, and so that a sign-in which was under way when it came does not become a session.
 */
export interface LogoutNotice extends ProviderSessionKey {
  /** SHA-256 of provider, issuer and `jti`. */
  readonly tokenHash: string;
  /** `iat`, in milliseconds since the epoch, by the provider's clock. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly expiresAt: number;
}

export interface LogoutNoticeWriter {
  /** Answers false when the token was told of before, whoever asks and however often at once. */
  insert(notice: LogoutNotice): Promise<boolean>;
  /**
   * What has been told of this session or person since `receivedAt`. Until the transaction ends no other notice about
   * them comes in: it waits, and finds the session that this sign-in has made.
   */
  lockAndFind(
    session: Pick<ProviderSession, "provider" | "issuer" | "sid" | "subject">,
    receivedAt: number,
  ): Promise<readonly LogoutNotice[]>;
}
