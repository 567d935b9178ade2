import type { Handler } from "../context.ts";
import { oauthError } from "../responses.ts";
import { authenticateClient } from "./client-authentication.ts";

/** Token revocation (RFC 7009): 200 also for a token that nobody knows. */
export const revocation: Handler = ({ clients, grants }, call) => {
  const client = authenticateClient(clients, call);
  if (client.kind === "refused") return client.response;
  const token = call.form.get("token");
  if (token === null) return oauthError(400, "invalid_request", "token is missing");
  grants.revoke(token, client.clientId);
  return new Response(null, { status: 200, headers: { "cache-control": "no-store" } });
};
