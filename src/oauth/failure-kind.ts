import { OAuthFailure, type OAuthFailureCode } from "./oauth-failure.ts";

/** What every provider's errors come down to, whatever it calls them. */
export type FailureKind =
  | "cancelled"
  | "code_invalid"
  | "client_invalid"
  | "redirect_mismatch"
  | "user_not_allowed"
  | "app_not_ready"
  | "rate_limited"
  | "transient"
  | "protocol";

/** A failure as a provider tells it: our kind, and its own code for the administrator. Never its free text. */
export interface ToldFailure {
  readonly kind: FailureKind;
  /** The provider's code: `bad_verification_code`, `40029`. Letters, digits, `_`, `-`, `.`; cut at 64. */
  readonly code: string;
}

/** Puts a told failure into our words: its kind is the reason. */
export function failureOf(told: ToldFailure, detail: Readonly<Record<string, unknown>>): OAuthFailure {
  return new OAuthFailure(CODES[told.kind], told.kind, { ...detail, ...providerCode(told.code) });
}

// A cancellation is no failure; whoever ends the sign-in tells it apart by its reason.
const CODES: Readonly<Record<FailureKind, OAuthFailureCode>> = {
  cancelled: "provider_rejected",
  code_invalid: "provider_rejected",
  client_invalid: "provider_rejected",
  redirect_mismatch: "provider_rejected",
  app_not_ready: "provider_rejected",
  user_not_allowed: "not_allowed",
  rate_limited: "provider_unavailable",
  transient: "provider_unavailable",
  protocol: "provider_untrusted",
};

/** The provider's own code for `detail`, when it looks like one: what holds anything else may be free text. */
export function providerCode(code: unknown): { readonly providerCode?: string } {
  const text = Number.isSafeInteger(code) ? String(code) : code;
  if (typeof text !== "string" || !/^[\w.-]+$/.test(text)) return {};
  return { providerCode: text.slice(0, 64) };
}
