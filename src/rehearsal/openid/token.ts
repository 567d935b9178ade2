import { randomBytes } from "node:crypto";
import type { Call, Handler, RehearsalContext } from "../context.ts";
import { doubledParameter } from "../doubled-parameter.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { matchesChallenge } from "../pkce.ts";
import { json, oauthError } from "../responses.ts";
import { authenticateClient } from "./client-authentication.ts";
import { issueIdToken } from "./issue-id-token.ts";

/** The token endpoint (RFC 6749 §3.2): an authorization code or a refresh token against a set of tokens. */
export const token: Handler = async (context, call) => {
  const doubled = doubledParameter(call.form);
  if (doubled !== null) return oauthError(400, "invalid_request", `${doubled} is given twice`);
  const client = authenticateClient(context.clients, call);
  if (client.kind === "refused") return client.response;

  switch (call.form.get("grant_type")) {
    case "authorization_code":
      return exchangeCode(context, call, client.clientId);
    case "refresh_token":
      return refresh(context, call, client.clientId);
    default:
      return oauthError(
        400,
        "unsupported_grant_type",
        "grant_type must be authorization_code or refresh_token",
      );
  }
};

/** The code is spent whatever comes of it, so that nobody can try a second time. */
async function exchangeCode(context: RehearsalContext, call: Call, clientId: string): Promise<Response> {
  const { form } = call;
  const grant = context.grants.spendCode(form.get("code") ?? "");
  if (grant === null || grant.flavour !== "openid")
    return invalidGrant("the code is unknown, expired or used");
  if (grant.clientId !== clientId) return invalidGrant("the code belongs to another client");
  if (grant.redirectUri !== form.get("redirect_uri"))
    return invalidGrant("redirect_uri is not the one of the request");
  if (!matchesChallenge(form.get("code_verifier"), grant.codeChallenge)) {
    return invalidGrant("code_verifier does not match");
  }
  const tokens = issueTokens(context, grant);
  const idToken = await issueIdToken(context, grant, tokens.access_token, call.faults);
  return json(idToken === null ? tokens : { ...tokens, id_token: idToken });
}

/** Rotates: the refresh token that was sent is worth nothing afterwards. Answers without an ID token. */
function refresh(context: RehearsalContext, { form }: Call, clientId: string): Response {
  const grant = context.grants.spendRefreshToken(form.get("refresh_token") ?? "");
  if (grant === null || grant.clientId !== clientId) {
    return invalidGrant("the refresh token is unknown, expired, used or of another client");
  }
  return json(issueTokens(context, grant));
}

function issueTokens({ grants }: RehearsalContext, grant: Grant) {
  const accessToken = `rehearsal-at-${randomBytes(32).toString("base64url")}`;
  grants.addAccessToken(accessToken, grant);
  const tokens = {
    access_token: accessToken,
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: grant.scope.join(" "),
  };
  if (!grant.scope.includes("offline_access")) return tokens;
  const refreshToken = `rehearsal-rt-${randomBytes(32).toString("base64url")}`;
  grants.addRefreshToken(refreshToken, grant);
  return { ...tokens, refresh_token: refreshToken };
}

function invalidGrant(description: string): Response {
  return oauthError(400, "invalid_grant", description);
}
