import type { Handler } from "../context.ts";
import { oauthError } from "../responses.ts";
import type { OpenidRules } from "./openid-rules.ts";

/** Token revocation (RFC 7009): 200 also for a token that nobody knows. */
export function revocationEndpoint({ authenticate }: Pick<OpenidRules, "authenticate">): Handler {
  return async (context, call) => {
    const client = await authenticate(context, call);
    if (client.kind === "refused") return client.response;
    const token = call.form.get("token");
    if (token === null) return oauthError(400, "invalid_request", "token is missing");
    context.grants.revoke(token, client.clientId);
    return new Response(null, { status: 200, headers: { "cache-control": "no-store" } });
  };
}
