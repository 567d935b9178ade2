import { bearerToken } from "../bearer-token.ts";
import type { Handler } from "../context.ts";
import { json } from "../responses.ts";
import { tokenOwner } from "../token-owner.ts";
import type { OpenidRules } from "./openid-rules.ts";

/** The userinfo endpoint (OpenID Connect Core §5.3), for GET and POST. */
export function userinfoEndpoint(rules: OpenidRules): Handler {
  return (context, { request, faults }) => {
    const owner = tokenOwner(context, rules.flavour, bearerToken(request.headers));
    if (owner === null) {
      const headers = { "www-authenticate": 'Bearer realm="rehearsal", error="invalid_token"' };
      return json({ error: "invalid_token" }, { status: 401, headers });
    }
    let claims = rules.claims(owner.persona, owner.grant, context);
    for (const { row } of faults) claims = row.userInfo?.(claims) ?? claims;
    return json(claims);
  };
}
