import type { Handler, RehearsalContext } from "../context.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { issueAccessToken, issueRefreshToken } from "../issue-token.ts";
import { COMPANIES } from "../memberships.ts";
import { membershipsOf } from "../personas.ts";
import { json } from "../responses.ts";
import { provesItself, spendCode } from "../spend-code.ts";
import { textOf } from "../text-of.ts";
import { failure } from "./answers.ts";

/** `POST /v1.0/oauth2/userAccessToken`: JSON in camelCase, for a code and for a refresh token. */
export const token: Handler = (context, { json: body }) => {
  const clientId = textOf(body, "clientId");
  if (!provesItself(context, clientId, textOf(body, "clientSecret"))) {
    return failure(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret");
  }
  switch (textOf(body, "grantType")) {
    case "authorization_code":
      return exchange(context, clientId, textOf(body, "code") ?? "");
    case "refresh_token":
      return refresh(context, clientId, textOf(body, "refreshToken") ?? "");
    default:
      return failure(400, "invalidParameter.grantType", "不合法的grantType");
  }
};

function exchange(context: RehearsalContext, clientId: string, code: string): Response {
  const grant = spendCode(context, { flavour: "camel-json", clientId, code });
  return typeof grant === "string"
    ? failure(400, "invalidParameter.authCode.notFound", "不合法的临时授权码")
    : tokens(context, grant);
}

function refresh(context: RehearsalContext, clientId: string, refreshToken: string): Response {
  const grant = context.grants.spendRefreshToken(refreshToken);
  return grant === null || grant.flavour !== "camel-json" || grant.clientId !== clientId
    ? failure(400, "invalidParameter.refreshToken.notFound", "不合法的refreshToken")
    : tokens(context, grant);
}

function tokens(context: RehearsalContext, grant: Grant): Response {
  const persona = context.people.find(grant.personaId);
  return json({
    accessToken: issueAccessToken(context, grant, ""),
    refreshToken: issueRefreshToken(context, grant, ""),
    expireIn: ACCESS_TOKEN_SECONDS["camel-json"],
    ...(grant.scope.includes("corpid") &&
      persona !== null && { corpId: COMPANIES[membershipsOf(persona).company].corpId }),
  });
}
