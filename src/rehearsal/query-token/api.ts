import type { Handler, RehearsalContext } from "../context.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { issueAccessToken, issueRefreshToken } from "../issue-token.ts";
import { openIdOf, unionIdOf } from "../person-ids.ts";
import { spendCode } from "../spend-code.ts";
import { tokenOwner } from "../token-owner.ts";

/** `GET /sns/oauth2/access_token?appid=&secret=&code=&grant_type=authorization_code`: the ids come with the token. */
export const token: Handler = (context, { url: { searchParams } }) => {
  const client = context.clients.find(searchParams.get("appid") ?? "");
  if (client === null) return failure(40013, "invalid appid");
  if (client.clientSecret !== searchParams.get("secret")) return failure(40125, "invalid appsecret");
  const code = searchParams.get("code");
  if (code === null) return failure(41008, "missing code");
  const grant = spendCode(context, { flavour: "query-token", clientId: client.clientId, code });
  return typeof grant === "string" ? failure(40029, "invalid code") : tokens(context, grant, null);
};

/** `GET /sns/oauth2/refresh_token?appid=&grant_type=refresh_token&refresh_token=`: no secret, the same token again. */
export const refresh: Handler = (context, { url: { searchParams } }) => {
  const refreshToken = searchParams.get("refresh_token") ?? "";
  const grant = context.grants.findByRefreshToken(refreshToken);
  return grant === null || grant.flavour !== "query-token" || grant.clientId !== searchParams.get("appid")
    ? failure(40030, "invalid refresh_token")
    : tokens(context, grant, refreshToken);
};

/** `GET /sns/userinfo?access_token=&openid=`: no e-mail ever. */
export const user: Handler = (context, { url: { searchParams } }) => {
  const owner = tokenOwner(context, "query-token", searchParams.get("access_token"));
  if (owner === null) return failure(40001, "invalid credential");
  const { persona, grant } = owner;
  const openid = openIdOf(persona, grant.clientId);
  if (searchParams.get("openid") !== openid) return failure(40003, "invalid openid");
  return plain({
    openid,
    nickname: persona.name ?? persona.github.login,
    sex: 0,
    province: "",
    city: "",
    country: "",
    headimgurl: "https://images.rehearsal.example/132",
    privilege: [],
    unionid: unionIdOf(persona),
  });
};

/** `GET /sns/auth?access_token=&openid=`: whether a token still lives. */
export const check: Handler = (context, { url: { searchParams } }) => {
  const owner = tokenOwner(context, "query-token", searchParams.get("access_token"));
  const fits = owner !== null && openIdOf(owner.persona, owner.grant.clientId) === searchParams.get("openid");
  return fits ? plain({ errcode: 0, errmsg: "ok" }) : failure(40003, "invalid openid");
};

function tokens(context: RehearsalContext, grant: Grant, refreshToken: string | null): Response {
  const persona = context.people.find(grant.personaId);
  if (persona === null) return failure(40029, "invalid code");
  return plain({
    access_token: issueAccessToken(context, grant, ""),
    expires_in: ACCESS_TOKEN_SECONDS["query-token"],
    refresh_token: refreshToken ?? issueRefreshToken(context, grant, ""),
    openid: openIdOf(persona, grant.clientId),
    scope: grant.scope.join(","),
    unionid: unionIdOf(persona),
  });
}

/** Success has no `errcode` here; a failure has, with status 200. */
function failure(errcode: number, errmsg: string): Response {
  return plain({ errcode, errmsg: `${errmsg}, rid: 69a00000-00000000-00000000` });
}

/** JSON that does not say it is. */
function plain(body: unknown): Response {
  return new Response(JSON.stringify(body), {
    headers: { "content-type": "text/plain", "cache-control": "no-cache" },
  });
}
