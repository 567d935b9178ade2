import { providerCode } from "./failure-kind.ts";
import { OAuthFailure } from "./oauth-failure.ts";

export interface CallbackExpectation {
  readonly state: string;
  readonly codeParameter: string;
  /** Other names of the code, tried in order. */
  readonly codeParameters?: readonly string[];
  /** Neither code nor error = the person changed their mind. */
  readonly noCodeIsCancelled?: boolean;
  readonly stateParameter: string;
  /** Values of `iss` that count. */
  readonly issuers: readonly string[];
  /** The provider promised to send `iss`. */
  readonly issuerRequired: boolean;
  cancelled(parameters: URLSearchParams): boolean;
}

/** What the browser brought back. */
export type Callback = { readonly kind: "code"; readonly code: string } | { readonly kind: "cancelled" };

/**
 * Judges the parameters of a callback (RFC 6749 §4.1.2, RFC 9207 §2.4); unknown ones are ignored. The issuer comes
 * first: an error from the wrong server means nothing. @throws OAuthFailure
 */
export function readCallback(parameters: URLSearchParams, expected: CallbackExpectation): Callback {
  checkIssuer(parameters.get("iss"), expected);
  if (parameters.get(expected.stateParameter) !== expected.state) throw invalid("state_mismatch");
  for (const name of FRONT_CHANNEL_TOKENS) {
    if (parameters.has(name)) throw invalid("unexpected_token");
  }
  if (expected.cancelled(parameters)) return { kind: "cancelled" };
  const error = parameters.get("error");
  if (error !== null) throw callbackError(error);
  const code = findCode(parameters, expected);
  if (code === null && expected.noCodeIsCancelled === true) return { kind: "cancelled" };
  if (code === null) throw invalid("code_missing");
  if (!/^[\x20-\x7e]{1,4096}$/.test(code)) throw invalid("code_malformed");
  return { kind: "code", code };
}

// We never ask for tokens through the browser, nor for a signed response.
const FRONT_CHANNEL_TOKENS = ["access_token", "id_token", "token", "response"];

function findCode(parameters: URLSearchParams, expected: CallbackExpectation): string | null {
  const names = [expected.codeParameter, ...(expected.codeParameters ?? [])];
  return names.map((name) => parameters.get(name)).find((code) => code !== null && code !== "") ?? null;
}

// Compared as they stand: no normalising (RFC 9207 §2.4).
function checkIssuer(issuer: string | null, expected: CallbackExpectation): void {
  if (issuer === null) {
    if (expected.issuerRequired) throw invalid("issuer_missing");
  } else if (!expected.issuers.includes(issuer)) {
    throw invalid("issuer_mismatch");
  }
}

function callbackError(error: string): OAuthFailure {
  if (error === "server_error" || error === "temporarily_unavailable") {
    return new OAuthFailure("provider_unavailable", error, { endpoint: "authorization" });
  }
  const reason = REJECTIONS.get(error) ?? "refused";
  const detail = { endpoint: "authorization", ...providerCode(error) };
  return new OAuthFailure("provider_rejected", reason, detail);
}

// Words of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6, and two that others added. Others are the provider's free text.
const REJECTIONS: ReadonlyMap<string, string> = new Map([
  ["access_denied", "access_denied"],
  ["account_selection_required", "account_selection_required"],
  ["application_suspended", "application_suspended"],
  ["consent_required", "consent_required"],
  ["interaction_required", "interaction_required"],
  ["invalid_request", "invalid_request"],
  ["invalid_scope", "invalid_scope"],
  ["login_required", "login_required"],
  ["redirect_uri_mismatch", "redirect_mismatch"],
  ["unauthorized_client", "unauthorized_client"],
  ["unsupported_response_type", "unsupported_response_type"],
]);

function invalid(reason: string): OAuthFailure {
  return new OAuthFailure("callback_invalid", reason);
}
