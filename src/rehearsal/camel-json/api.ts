import { APP_TOKEN_SECONDS } from "../app-tokens.ts";
import type { Handler, RehearsalContext } from "../context.ts";
import { openIdOf, unionIdOf } from "../person-ids.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { json } from "../responses.ts";
import { provesItself } from "../spend-code.ts";
import { textOf } from "../text-of.ts";
import { tokenOwner } from "../token-owner.ts";
import { failure, oldFailure, oldSuccess } from "./answers.ts";

/** `GET /v1.0/contact/users/me`, with the token in a header of its own. */
export const user: Handler = (context, { request }) => {
  const owner = tokenOwner(context, "camel-json", request.headers.get("x-acs-dingtalk-access-token"));
  if (owner === null) return failure(401, "InvalidAuthentication", "不合法的access_token");
  const { persona, grant } = owner;
  return json({
    nick: persona.name ?? persona.github.login,
    avatarUrl: "https://images.rehearsal.example/x.jpg",
    openId: openIdOf(persona, grant.clientId),
    unionId: unionIdOf(persona),
    ...(persona.email !== null && { email: persona.email }),
  });
};

/** `POST /v1.0/oauth2/accessToken` with `{appKey, appSecret}`: the token of the application. */
export const appToken: Handler = (context, { json: body }) => {
  const appKey = textOf(body, "appKey");
  return provesItself(context, appKey, textOf(body, "appSecret"))
    ? json({ accessToken: context.appTokens.issue("camel-json", appKey), expireIn: APP_TOKEN_SECONDS })
    : failure(400, "invalidAppKeyOrSecret", "无效的appKey或者appSecret");
};

/** `GET /gettoken?appkey=&appsecret=`: the same in the old API. */
export const oldAppToken: Handler = (context, { url: { searchParams } }) => {
  const appKey = searchParams.get("appkey");
  if (!provesItself(context, appKey, searchParams.get("appsecret")))
    return oldFailure(40089, "不合法的appKey或appSecret");
  const token = context.appTokens.issue("camel-json", appKey);
  return json({ errcode: 0, errmsg: "ok", access_token: token, expires_in: APP_TOKEN_SECONDS });
};

/** `POST /topapi/user/getbyunionid`: number 60121 for those who are not in this company. */
export const userByUnionId: Handler = (context, { url, json: body }) => {
  if (!isApplication(context, url)) return oldFailure(40014, "不合法的access_token");
  const unionId = textOf(body, "unionid");
  const member = findMember(context, (persona) => unionIdOf(persona) === unionId);
  return member === null
    ? oldFailure(60121, "找不到该用户")
    : oldSuccess({ contact_type: 0, userid: member.id });
};

/** `POST /topapi/v2/user/get`: departments and the company's address of a colleague. */
export const member: Handler = (context, { url, json: body }) => {
  if (!isApplication(context, url)) return oldFailure(40014, "不合法的access_token");
  const userId = textOf(body, "userid");
  const found = findMember(context, ({ id }) => id === userId);
  if (found === null) return oldFailure(60121, "找不到该用户");
  return oldSuccess({
    userid: found.id,
    unionid: unionIdOf(found),
    name: found.name ?? found.github.login,
    title: "",
    dept_id_list: membershipsOf(found).departments,
    ...(found.email !== null && { org_email: found.email }),
  });
};

function isApplication({ appTokens }: RehearsalContext, { searchParams }: URL): boolean {
  return appTokens.find("camel-json", searchParams.get("access_token") ?? "") !== null;
}

function findMember({ people }: RehearsalContext, fits: (persona: Persona) => boolean): Persona | null {
  return people.list().find((persona) => fits(persona) && membershipsOf(persona).company === "demo") ?? null;
}
