import { OAuthFailure } from "./oauth-failure.ts";

/** Puts what Node says about a broken connection into one of our words; its own text is left behind. */
export function connectionFailure(error: Error): OAuthFailure {
  if (error instanceof OAuthFailure) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ECONNREFUSED") return new OAuthFailure("provider_unavailable", "connection_refused");
  if (DNS.test(code)) return new OAuthFailure("provider_unavailable", "dns_failed");
  if (TLS.test(code)) return new OAuthFailure("provider_untrusted", "tls_failed", { tls: code });
  if (code.startsWith("HPE_")) return new OAuthFailure("provider_untrusted", "response_malformed");
  return new OAuthFailure("provider_unavailable", "connection_failed");
}

const DNS = /^(ENOTFOUND|EAI_|ENODATA|ETIMEOUT$)/;
const TLS =
  /^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|EPROTO$|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_)/;
