import type { Handler, RehearsalContext } from "../context.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { issueAccessToken, issueRefreshToken } from "../issue-token.ts";
import { openIdOf } from "../person-ids.ts";
import { provesItself, spendCode } from "../spend-code.ts";
import { answerIn, failure, wantsJson } from "./answers.ts";

/** `GET /oauth2.0/token` with everything in the query: form-encoded, or JSON with numbers as text. */
export const token: Handler = (context, { url }) => {
  const parameters = url.searchParams;
  const clientId = parameters.get("client_id");
  if (context.clients.find(clientId ?? "") === null) return failure(url, 100008, "client id is not exist");
  if (!provesItself(context, clientId, parameters.get("client_secret"))) {
    return failure(url, 100009, "client secret is illegal");
  }
  switch (parameters.get("grant_type")) {
    case "authorization_code":
      return exchange(context, url, clientId);
    case "refresh_token":
      return refresh(context, url, clientId);
    default:
      return failure(url, 100004, "param grant_type is wrong or lost");
  }
};

function exchange(context: RehearsalContext, url: URL, clientId: string): Response {
  const code = url.searchParams.get("code") ?? "";
  const redirectUri = url.searchParams.get("redirect_uri") ?? "";
  const grant = spendCode(context, { flavour: "jsonp", clientId, code, redirectUri });
  if (grant === "redirect") return failure(url, 100010, "redirect uri is illegal");
  return typeof grant === "string"
    ? failure(url, 100020, "code is reused error")
    : tokens(context, url, grant);
}

function refresh(context: RehearsalContext, url: URL, clientId: string): Response {
  const grant = context.grants.spendRefreshToken(url.searchParams.get("refresh_token") ?? "");
  return grant === null || grant.flavour !== "jsonp" || grant.clientId !== clientId
    ? failure(url, 100022, "refresh token is illegal")
    : tokens(context, url, grant);
}

function tokens(context: RehearsalContext, url: URL, grant: Grant): Response {
  const persona = context.people.find(grant.personaId);
  const wantsOpenId = url.searchParams.get("need_openid") === "1" && persona !== null;
  return answerIn(wantsJson(url) ? "json" : "form", {
    access_token: issueAccessToken(context, grant, "FE04"),
    expires_in: String(ACCESS_TOKEN_SECONDS.jsonp),
    refresh_token: issueRefreshToken(context, grant, "88E4"),
    ...(wantsOpenId && { openid: openIdOf(persona, grant.clientId) }),
  });
}
