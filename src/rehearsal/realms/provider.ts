import { authenticateOr } from "../openid/client-authentication.ts";
import type { OpenidRules } from "../openid/openid-rules.ts";
import { personClaims } from "../openid/person-claims.ts";
import { uuidOf } from "../person-ids.ts";
import { membershipsOf } from "../personas.ts";
import { oauthError } from "../responses.ts";

export const MOUNT = "/realms";

/**
 * As Keycloak does it: any realm exists, each is an issuer. Roles are nested and groups are paths, in the ID token and
 * at userinfo as with the mappers switched on.
 */
export const provider: OpenidRules = {
  flavour: "realms",
  issuer: ({ issuer }, { place }) => `${issuer}${MOUNT}/${place}`,
  claims(persona, { scope, clientId, place }) {
    const { teams, roles } = membershipsOf(persona);
    return {
      ...personClaims(persona, scope),
      // A person of one realm is nobody in another.
      sub: uuidOf(`realm:${place}:${persona.subject}`),
      groups: teams.map((team) => `/${team}`),
      realm_access: { roles: ["offline_access", `default-roles-${place}`, ...roles] },
      resource_access: { [clientId]: { roles } },
    };
  },
  authenticate: authenticateOr(() =>
    oauthError(401, "unauthorized_client", "Invalid client or Invalid client credentials"),
  ),
  givesRefreshToken: () => true,
  rotates: true,
  extras: (_, { place }) => ({
    refresh_expires_in: 1800,
    "not-before-policy": 0,
    session_state: sessionStateOf(place),
  }),
  refuse(why) {
    if (why === "grant_type") return oauthError(400, "unsupported_grant_type", "Unsupported grant_type");
    if (why === "redirect") return oauthError(400, "invalid_grant", "Incorrect redirect_uri");
    if (why === "verifier") return oauthError(400, "invalid_grant", "PKCE verification failed");
    if (why === "refresh_token") return oauthError(400, "invalid_grant", "Token is not active");
    return oauthError(400, "invalid_grant", "Code not valid");
  },
};

/** What the callback and the token answer both call the session. */
export function sessionStateOf(place: string | null): string {
  return uuidOf(`session:${place}`);
}
