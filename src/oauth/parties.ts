import type { JsonObject } from "./json.ts";
import { OAuthFailure } from "./oauth-failure.ts";

/** Who must have made a token, and for whom. */
export interface ExpectedParties {
  /** Spellings of the issuer that count. */
  readonly issuers: readonly string[];
  /** Judges the issuer instead, where it has a tenant in it. */
  issuerFits?(claims: JsonObject): boolean;
  readonly clientId: string;
}

/** Judges `iss` and `aud`. @throws OAuthFailure `issuer_mismatch`, `audience_mismatch` */
export function checkParties(claims: JsonObject, expected: ExpectedParties): void {
  const { issuers, clientId } = expected;
  const fits = expected.issuerFits?.(claims) ?? issuers.some((issuer) => issuer === claims.iss);
  if (!fits) throw new OAuthFailure("provider_untrusted", "issuer_mismatch");
  // One audience, ours. A token that others may use as well could have come through them.
  const audience = typeof claims.aud === "string" ? [claims.aud] : claims.aud;
  if (!Array.isArray(audience) || audience.length !== 1 || audience[0] !== clientId) {
    throw new OAuthFailure("provider_untrusted", "audience_mismatch");
  }
}
