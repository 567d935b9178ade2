import type { Handler } from "../context.ts";
import { openIdOf, unionIdOf } from "../person-ids.ts";
import { json } from "../responses.ts";
import { tokenOwner } from "../token-owner.ts";
import { answerIn, failure, wantsJson } from "./answers.ts";

/** `GET /oauth2.0/me?access_token=`: the ids alone; `unionid=1` brings the second one. */
export const openid: Handler = (context, { url }) => {
  const owner = tokenOwner(context, "jsonp", url.searchParams.get("access_token"));
  if (owner === null) return failure(url, 100016, "access token check failed");
  const { persona, grant } = owner;
  return answerIn(wantsJson(url) ? "json" : "jsonp", {
    client_id: grant.clientId,
    openid: openIdOf(persona, grant.clientId),
    ...(url.searchParams.get("unionid") === "1" && { unionid: unionIdOf(persona) }),
  });
};

/** `GET /user/get_user_info?access_token=&oauth_consumer_key=&openid=`: success is `ret` 0, and no e-mail ever. */
export const user: Handler = (context, { url: { searchParams } }) => {
  const owner = tokenOwner(context, "jsonp", searchParams.get("access_token"));
  if (owner === null) return json({ ret: 1002, msg: "请先登录" });
  const { persona, grant } = owner;
  if (searchParams.get("oauth_consumer_key") !== grant.clientId)
    return json({ ret: -22, msg: "appid is invalid" });
  if (searchParams.get("openid") !== openIdOf(persona, grant.clientId)) {
    return json({ ret: -22, msg: "openid is invalid" });
  }
  return json({
    ret: 0,
    msg: "",
    is_lost: 0,
    nickname: persona.name ?? persona.github.login,
    figureurl_qq_1: "https://images.rehearsal.example/g?s=40",
    figureurl_qq_2: "https://images.rehearsal.example/g?s=100",
    gender: "男",
  });
};
