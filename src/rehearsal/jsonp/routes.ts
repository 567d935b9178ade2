import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { openid, user } from "./api.ts";
import { authorization } from "./authorization.ts";
import { token } from "./token.ts";

const MOUNT = "/jsonp";

/** Three formats in one provider. */
export const routes: readonly Route[] = [
  door("jsonp.authorize", "GET", `${MOUNT}/oauth2.0/authorize`, showPicker(authorization)),
  door("jsonp.decide", "POST", `${MOUNT}/oauth2.0/authorize`, decide(authorization)),
  door("jsonp.token", "GET", `${MOUNT}/oauth2.0/token`, token),
  door("jsonp.openid", "GET", `${MOUNT}/oauth2.0/me`, openid),
  door("jsonp.user", "GET", `${MOUNT}/user/get_user_info`, user),
];
