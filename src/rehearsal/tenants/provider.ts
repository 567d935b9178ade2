import { authenticateClient } from "../openid/client-authentication.ts";
import type { OpenidRules } from "../openid/openid-rules.ts";
import { digest, uuidOf } from "../person-ids.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { groupClaims } from "./group-claims.ts";
import { refusal, refuseTokens } from "./refusals.ts";
import { issuerOf, tenantOf } from "./tenant.ts";

/** As Entra does it: `sub` differs by application, `oid` and `tid` do not, and nothing is said of e-mail being verified. */
export const provider: OpenidRules = {
  flavour: "tenants",
  issuer({ issuer, people }, { personaId }) {
    const persona = people.find(personaId);
    return issuerOf(issuer, persona === null ? "unknown" : tenantOf(persona));
  },
  claims(persona, { clientId, scope }, { issuer }) {
    const { roles } = membershipsOf(persona);
    return {
      sub: digest(clientId, persona.subject),
      tid: tenantOf(persona),
      ver: "2.0",
      ...(scope.includes("profile") && profile(persona)),
      ...(scope.includes("email") && persona.email !== null && { email: persona.email }),
      ...(roles.length > 0 && { roles }),
      ...groupClaims(persona, issuer),
    };
  },
  authenticate({ clients, now }, call) {
    const client = authenticateClient(clients, call);
    return client.kind === "known" ? client : { kind: "refused", response: refusal("secret", now()) };
  },
  givesRefreshToken: ({ scope }) => scope.includes("offline_access"),
  rotates: true,
  extras: () => ({ ext_expires_in: 4219 }),
  refuse: refuseTokens,
};

function profile(persona: Persona) {
  const { name, email, github } = persona;
  return {
    oid: objectIdOf(persona),
    preferred_username: email ?? `${github.login}@demo.example`,
    ...(name !== null && { name }),
  };
}

/** The id of a person that is the same for all applications (`oid`). */
function objectIdOf(persona: Persona): string {
  return uuidOf(`person:${persona.subject}`);
}
