import { APP_TOKEN_SECONDS } from "../app-tokens.ts";
import type { Handler, RehearsalContext } from "../context.ts";
import { ACCESS_TOKEN_SECONDS } from "../grants.ts";
import { issueAccessToken } from "../issue-token.ts";
import { DEPARTMENTS } from "../memberships.ts";
import { openIdOf } from "../person-ids.ts";
import { membershipsOf, type Persona } from "../personas.ts";
import { provesItself, spendCode } from "../spend-code.ts";
import { textOf } from "../text-of.ts";
import { tokenOwner } from "../token-owner.ts";
import { failure, success } from "./answers.ts";

/** `GET /cgi-bin/gettoken?corpid=&corpsecret=`: the token of the application. */
export const appToken: Handler = (context, { url: { searchParams } }) => {
  const corpId = searchParams.get("corpid");
  if (context.clients.find(corpId ?? "") === null) return failure(40013, "invalid corpid");
  if (!provesItself(context, corpId, searchParams.get("corpsecret"))) {
    return failure(40001, "invalid credential");
  }
  return success({
    access_token: context.appTokens.issue("app-token", corpId),
    expires_in: APP_TOKEN_SECONDS,
  });
};

/**
 * `GET /cgi-bin/auth/getuserinfo?access_token=&code=`: who it is. People of other companies come back with number 0
 * too, but under other names. A token that has ended does not use the code up.
 */
export const user: Handler = (context, { url: { searchParams }, faults }) => {
  const token = searchParams.get("access_token") ?? "";
  if (faults.some(({ row }) => row.appToken === "ended")) context.appTokens.end(token);
  const corpId = context.appTokens.find("app-token", token);
  if (corpId === null) return endedOrUnknown(token);
  const code = searchParams.get("code") ?? "";
  const grant = spendCode(context, { flavour: "app-token", clientId: corpId, code });
  const persona = typeof grant === "string" ? null : context.people.find(grant.personaId);
  if (typeof grant === "string" || persona === null) return failure(40029, "invalid code");
  if (membershipsOf(persona).company !== "demo") {
    return success({ openid: openIdOf(persona, corpId), external_userid: `wm${openIdOf(persona, corpId)}` });
  }
  if (!grant.scope.includes("snsapi_privateinfo")) return success({ userid: persona.id });
  const ticket = issueAccessToken(context, grant, "ticket-");
  return success({ userid: persona.id, user_ticket: ticket, expires_in: ACCESS_TOKEN_SECONDS["app-token"] });
};

/** `GET /cgi-bin/user/get?access_token=&userid=`: name and departments; newly made applications get no more. */
export const member: Handler = (context, { url: { searchParams } }) => {
  const token = searchParams.get("access_token") ?? "";
  if (context.appTokens.find("app-token", token) === null) return endedOrUnknown(token);
  const persona = findMember(context, searchParams.get("userid") ?? "");
  if (persona === null) return failure(60111, "userid not found");
  const { departments } = membershipsOf(persona);
  return success({
    userid: persona.id,
    name: persona.name ?? persona.github.login,
    department: departments,
    position: "",
    status: 1,
    isleader: 0,
    main_department: departments[0] ?? 1,
    alias: persona.github.login,
  });
};

/** `POST /cgi-bin/auth/getuserdetail?access_token=` with `{user_ticket}`: what the person agreed to show. */
export const detail: Handler = (context, { url: { searchParams }, json: body }) => {
  const token = searchParams.get("access_token") ?? "";
  if (context.appTokens.find("app-token", token) === null) return endedOrUnknown(token);
  const owner = tokenOwner(context, "app-token", textOf(body, "user_ticket"));
  if (owner === null) return failure(40091, "invalid user_ticket");
  const { id, email } = owner.persona;
  return success({
    userid: id,
    gender: "0",
    avatar: "https://images.rehearsal.example/0",
    mobile: "",
    ...(email !== null && { email, biz_mail: email }),
  });
};

/** `GET /cgi-bin/department/list?access_token=` */
export const departments: Handler = (context, { url: { searchParams } }) => {
  const token = searchParams.get("access_token") ?? "";
  if (context.appTokens.find("app-token", token) === null) return endedOrUnknown(token);
  const department = Object.entries(DEPARTMENTS).map(([id, name]) => ({
    id: Number(id),
    name,
    parentid: id === "1" ? 0 : 1,
    order: Number(id),
  }));
  return success({ department });
};

function endedOrUnknown(token: string): Response {
  return token.startsWith("app-")
    ? failure(42001, "access_token expired")
    : failure(40014, "invalid access_token");
}

/** Ids of colleagues are the same in any case. */
function findMember({ people }: RehearsalContext, userId: string): Persona | null {
  const persona = people.find(userId.toLowerCase());
  return persona !== null && membershipsOf(persona).company === "demo" ? persona : null;
}
