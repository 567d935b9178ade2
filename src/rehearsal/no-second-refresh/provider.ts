import { COMPANIES } from "../memberships.ts";
import { authenticateOr } from "../openid/client-authentication.ts";
import type { OpenidRules } from "../openid/openid-rules.ts";
import { personClaims } from "../openid/person-claims.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { oauthError } from "../responses.ts";

export const MOUNT = "/no-second-refresh";

/** Scopes as the token answer spells them: not as they were asked for. */
export const LONG_SCOPES: Readonly<Record<string, string>> = {
  email: `https://scopes.rehearsal.example/auth/userinfo.email`,
  profile: `https://scopes.rehearsal.example/auth/userinfo.profile`,
};

/** As Google does it: the company in `hd`, and a refresh token only with `access_type=offline` at the first consent. */
export const provider: OpenidRules = {
  flavour: "no-second-refresh",
  issuer: ({ issuer }) => `${issuer}${MOUNT}`,
  claims: (persona, { scope, clientId }) => ({
    ...personClaims(persona, scope),
    azp: clientId,
    ...hostedDomain(persona),
  }),
  authenticate: authenticateOr(() => oauthError(401, "invalid_client", "Unauthorized")),
  givesRefreshToken: ({ asked, firstConsent }) =>
    asked.access_type === "offline" && (firstConsent || (asked.prompt ?? "").includes("consent")),
  rotates: false,
  extras: (_, { scope }) => ({ scope: scope.map((name) => LONG_SCOPES[name] ?? name).join(" ") }),
  refuse(why) {
    if (why === "grant_type") return oauthError(400, "unsupported_grant_type", "Invalid grant_type");
    if (why === "redirect") return oauthError(400, "redirect_uri_mismatch", "Bad Request");
    return oauthError(400, "invalid_grant", why === "code" ? "Malformed auth code." : "Bad Request");
  },
};

/** Only accounts that the company manages have one. */
function hostedDomain(persona: Persona) {
  const { domain } = COMPANIES[membershipsOf(persona).company];
  return persona.email?.endsWith(`@${domain}`) ? { hd: domain } : {};
}
