import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { appToken, member, oldAppToken, user, userByUnionId } from "./api.ts";
import { authorization } from "./authorization.ts";
import { token } from "./token.ts";

const MOUNT = "/camel-json";

/** As DingTalk does it: sign-in, the new API and the old one below one mount. */
export const routes: readonly Route[] = [
  door("camel-json.authorize", "GET", `${MOUNT}/oauth2/auth`, showPicker(authorization)),
  door("camel-json.decide", "POST", `${MOUNT}/oauth2/auth`, decide(authorization)),
  door("camel-json.token", "POST", `${MOUNT}/v1.0/oauth2/userAccessToken`, token),
  door("camel-json.user", "GET", `${MOUNT}/v1.0/contact/users/me`, user),
  door("camel-json.app-token", "POST", `${MOUNT}/v1.0/oauth2/accessToken`, appToken),
  door("camel-json.app-token", "GET", `${MOUNT}/gettoken`, oldAppToken),
  door("camel-json.contact", "POST", `${MOUNT}/topapi/user/getbyunionid`, userByUnionId),
  door("camel-json.contact", "POST", `${MOUNT}/topapi/v2/user/get`, member),
];
