import type { RehearsalContext } from "../context.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { issueAccessToken, issueRefreshToken } from "../issue-token.ts";
import { openIdOf } from "../person-ids.ts";
import { spendCode } from "../spend-code.ts";
import { tokenOwner } from "../token-owner.ts";
import { invalid, type Method, type MethodAnswer } from "./method.ts";
import { shanghaiTime } from "./timestamp.ts";

const REFRESH_SECONDS = 2_592_000;

/** Tokens for a code or for a refresh token. Its content has no `code` member when it went well. */
export const tokenMethod: Method = (context, clientId, parameters) => {
  switch (parameters.get("grant_type")) {
    case "authorization_code": {
      const code = parameters.get("code") ?? "";
      const grant = spendCode(context, { flavour: "gateway", clientId, code });
      return typeof grant === "string"
        ? invalid("isv.code-invalid", "授权码code无效")
        : tokens(context, grant);
    }
    case "refresh_token": {
      const grant = context.grants.spendRefreshToken(parameters.get("refresh_token") ?? "");
      return grant === null || grant.flavour !== "gateway" || grant.clientId !== clientId
        ? invalid("isv.refresh-token-invalid", "刷新令牌refresh_token无效")
        : tokens(context, grant);
    }
    default:
      return invalid("isv.grant-type-invalid", "授权类型无效");
  }
};

/** The person behind `auth_token`: an id for this application, a name, a picture, and no e-mail. */
export const userMethod: Method = (context, _clientId, parameters) => {
  const owner = tokenOwner(context, "gateway", parameters.get("auth_token"));
  if (owner === null) {
    return { kind: "failed", code: "20001", subCode: "aop.invalid-auth-token", message: "无效的访问令牌" };
  }
  const { persona, grant } = owner;
  return {
    kind: "content",
    content: {
      code: "10000",
      msg: "Success",
      open_id: openIdOf(persona, grant.clientId),
      nick_name: persona.name ?? persona.github.login,
      avatar: "https://images.rehearsal.example/partner",
    },
  };
};

function tokens(context: RehearsalContext, grant: Grant): MethodAnswer {
  const persona = context.people.find(grant.personaId);
  if (persona === null) return invalid("isv.code-invalid", "授权码code无效");
  return {
    kind: "content",
    content: {
      access_token: issueAccessToken(context, grant, "authusrB"),
      auth_start: shanghaiTime(grant.authTime * 1000),
      expires_in: ACCESS_TOKEN_SECONDS.gateway,
      re_expires_in: REFRESH_SECONDS,
      refresh_token: issueRefreshToken(context, grant, "authusrB-r"),
      open_id: openIdOf(persona, grant.clientId),
    },
  };
}
