import type { Call, Handler, RehearsalContext } from "../context.ts";
import { doubledParameter } from "../doubled-parameter.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { issueAccessToken, issueRefreshToken } from "../issue-token.ts";
import { json } from "../responses.ts";
import { spendCode } from "../spend-code.ts";
import { issueIdToken } from "./issue-id-token.ts";
import type { OpenidRules } from "./openid-rules.ts";

/** The token endpoint (RFC 6749 §3.2): an authorization code or a refresh token against a set of tokens. */
export function tokenEndpoint(rules: OpenidRules): Handler {
  return async (context, call) => {
    const doubled = doubledParameter(call.form);
    if (doubled !== null) return rules.refuse("doubled", doubled, context);
    const client = await rules.authenticate(context, call);
    if (client.kind === "refused") return client.response;

    switch (call.form.get("grant_type")) {
      case "authorization_code":
        return exchangeCode(rules, context, call, client.clientId);
      case "refresh_token":
        return refresh(rules, context, call, client.clientId);
      default:
        return rules.refuse("grant_type", null, context);
    }
  };
}

async function exchangeCode(
  rules: OpenidRules,
  context: RehearsalContext,
  { form, faults }: Call,
  clientId: string,
): Promise<Response> {
  const grant = spendCode(context, {
    flavour: rules.flavour,
    clientId,
    code: form.get("code") ?? "",
    redirectUri: form.get("redirect_uri") ?? "",
    codeVerifier: form.get("code_verifier"),
  });
  if (typeof grant === "string") return rules.refuse(grant, null, context);
  const tokens = accessTokens(rules, context, grant);
  const idToken = await issueIdToken(rules, context, grant, tokens.access_token, faults);
  return json({
    ...tokens,
    ...(rules.givesRefreshToken(grant) && newRefreshToken(context, grant)),
    ...(idToken !== null && { id_token: idToken }),
  });
}

/** Answers without an ID token. Where refresh tokens rotate, the one that was sent is worth nothing afterwards. */
function refresh(rules: OpenidRules, context: RehearsalContext, { form }: Call, clientId: string): Response {
  const refreshToken = form.get("refresh_token") ?? "";
  const grant = rules.rotates
    ? context.grants.spendRefreshToken(refreshToken)
    : context.grants.findByRefreshToken(refreshToken);
  if (grant === null || grant.flavour !== rules.flavour || grant.clientId !== clientId) {
    return rules.refuse("refresh_token", null, context);
  }
  const tokens = accessTokens(rules, context, grant);
  return json({ ...tokens, ...(rules.rotates && newRefreshToken(context, grant)) });
}

function accessTokens(rules: OpenidRules, context: RehearsalContext, grant: Grant) {
  return {
    access_token: issueAccessToken(context, grant, "rehearsal-at-"),
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_SECONDS[rules.flavour],
    scope: grant.scope.join(" "),
    ...rules.extras(context, grant),
  };
}

function newRefreshToken(context: RehearsalContext, grant: Grant) {
  return { refresh_token: issueRefreshToken(context, grant, "rehearsal-rt-") };
}
