import type { ErrorCode } from "../errors.ts";

/** The codes that a conversation with a provider can end in. */
export type OAuthFailureCode = Extract<
  ErrorCode,
  | "provider_unavailable"
  | "provider_rejected"
  | "provider_untrusted"
  | "clock_skew"
  | "no_identifier"
  | "callback_invalid"
  | "not_allowed"
  | "step_up_failed"
>;

/**
 * Thrown inside `oauth/` and caught where a sign-in ends. Carries words and numbers of ours only: no secret, no token,
 * no text of the provider, and therefore no `cause`.
 */
export class OAuthFailure extends Error {
  override readonly name = "OAuthFailure";
  readonly code: OAuthFailureCode;
  /** A stable word for the administrator: `nonce_mismatch`, `timeout`. */
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: OAuthFailureCode, reason: string, detail: Readonly<Record<string, unknown>> = {}) {
    super(`${code}: ${reason}`);
    this.code = code;
    this.reason = reason;
    this.detail = detail;
  }
}
