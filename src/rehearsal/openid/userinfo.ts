import { bearerToken } from "../bearer-token.ts";
import type { Handler } from "../context.ts";
import { json } from "../responses.ts";
import { personClaims } from "./person-claims.ts";

/** The userinfo endpoint (OpenID Connect Core §5.3), for GET and POST. */
export const userinfo: Handler = ({ grants, people }, { request, faults }) => {
  const grant = grants.findByAccessToken(bearerToken(request.headers) ?? "");
  const persona = grant?.flavour === "openid" ? people.find(grant.personaId) : null;
  if (grant === null || persona === null) {
    const headers = { "www-authenticate": 'Bearer realm="rehearsal", error="invalid_token"' };
    return json({ error: "invalid_token" }, { status: 401, headers });
  }
  let claims = personClaims(persona, grant.scope);
  for (const { row } of faults) claims = row.userInfo?.(claims) ?? claims;
  return json(claims);
};
