import type { Handler } from "../context.ts";
import { json } from "../responses.ts";

/** The addresses of a provider; those it has not are left out. */
export interface ProviderAddresses {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly jwks_uri: string;
  readonly userinfo_endpoint?: string;
  readonly revocation_endpoint?: string;
  readonly end_session_endpoint?: string;
}

/** The metadata of a look-alike (OpenID Connect Discovery §3): what is the same at all of them, and the rest. */
export function providerMetadata(
  addresses: ProviderAddresses,
  rest: Readonly<Record<string, unknown>>,
): Response {
  return json({
    ...addresses,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    token_endpoint_auth_methods_supported: ["client_secret_post", "client_secret_basic"],
    scopes_supported: ["openid", "email", "profile"],
    ...rest,
  });
}

/** The public keys (RFC 7517), which all look-alikes share. */
export const jwks: Handler = ({ keys }) => json(keys.published());
