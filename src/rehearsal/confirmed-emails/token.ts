import type { Call, Handler, RehearsalContext } from "../context.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { issueAccessToken, issueRefreshToken } from "../issue-token.ts";
import { json, oauthError, text } from "../responses.ts";
import { provesItself, spendCode } from "../spend-code.ts";
import { textOf } from "../text-of.ts";

/** `POST /oauth/token`, parameters in the query, a form or JSON. Without a User-Agent it is 403 at once. */
export const token: Handler = (context, call) => {
  if (!call.request.headers.get("user-agent")) return text(403, "Forbidden");
  const given = (name: string) => parameter(call, name);
  const clientId = given("client_id");
  if (!provesItself(context, clientId, given("client_secret"))) {
    return oauthError(401, "invalid_client", "客户端授权失败");
  }
  switch (given("grant_type")) {
    case "authorization_code":
      return exchange(context, clientId, given("code") ?? "", given("redirect_uri") ?? "");
    case "refresh_token":
      return refresh(context, clientId, given("refresh_token") ?? "");
    default:
      return oauthError(401, "unsupported_grant_type", "不支持的授权类型");
  }
};

function parameter({ url, form, json: body }: Call, name: string): string | null {
  return form.get(name) ?? textOf(body, name) ?? url.searchParams.get(name);
}

function exchange(context: RehearsalContext, clientId: string, code: string, redirectUri: string): Response {
  const grant = spendCode(context, { flavour: "confirmed-emails", clientId, code, redirectUri });
  return typeof grant === "string" ? invalidGrant() : tokens(context, grant);
}

function refresh(context: RehearsalContext, clientId: string, refreshToken: string): Response {
  const grant = context.grants.spendRefreshToken(refreshToken);
  return grant === null || grant.flavour !== "confirmed-emails" || grant.clientId !== clientId
    ? invalidGrant()
    : tokens(context, grant);
}

/** Status 401, where RFC 6749 says 400. */
function invalidGrant(): Response {
  return oauthError(401, "invalid_grant", "授权方式无效，或者登录回调地址无效、过期或已被撤销");
}

function tokens(context: RehearsalContext, grant: Grant): Response {
  return json({
    access_token: issueAccessToken(context, grant, ""),
    token_type: "bearer",
    expires_in: ACCESS_TOKEN_SECONDS["confirmed-emails"],
    refresh_token: issueRefreshToken(context, grant, ""),
    scope: grant.scope.join(" "),
    created_at: Math.floor(context.now() / 1000),
  });
}
