import { oauthError } from "../responses.ts";
import { authenticateClient } from "./client-authentication.ts";
import type { OpenidRules, TokenRefusal } from "./openid-rules.ts";
import { personClaims } from "./person-claims.ts";
import { revocationEndpoint } from "./revocation.ts";
import { tokenEndpoint } from "./token.ts";
import { userinfoEndpoint } from "./userinfo.ts";

const DESCRIPTIONS: Readonly<Record<TokenRefusal, readonly [error: string, description: string]>> = {
  code: ["invalid_grant", "the code is unknown, expired or used"],
  client: ["invalid_grant", "the code belongs to another client"],
  redirect: ["invalid_grant", "redirect_uri is not the one of the request"],
  verifier: ["invalid_grant", "code_verifier does not match"],
  refresh_token: ["invalid_grant", "the refresh token is unknown, expired, used or of another client"],
  grant_type: ["unsupported_grant_type", "grant_type must be authorization_code or refresh_token"],
  doubled: ["invalid_request", "is given twice"],
};

/** A token endpoint's refusal as RFC 6749 §5.2 words it. */
function standardRefusal(why: TokenRefusal, detail: string | null): Response {
  const [error, description] = DESCRIPTIONS[why];
  return oauthError(400, error, detail === null ? description : `${detail} ${description}`);
}

/** OpenID Connect by the book. */
const plainOpenid: OpenidRules = {
  flavour: "openid",
  issuer: ({ issuer }) => issuer,
  claims: (persona, { scope }) => personClaims(persona, scope),
  authenticate: ({ clients }, call) => authenticateClient(clients, call),
  givesRefreshToken: ({ scope }) => scope.includes("offline_access"),
  rotates: true,
  extras: () => ({}),
  refuse: standardRefusal,
};

export const token = tokenEndpoint(plainOpenid);
export const userinfo = userinfoEndpoint(plainOpenid);
export const revocation = revocationEndpoint(plainOpenid);
