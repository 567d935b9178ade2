import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { appToken, contact, department, groups, userInfo } from "./api.ts";
import { authorization } from "./authorization.ts";
import { token } from "./token.ts";

const API = "/envelope/open-apis";

/** Accounts host and API host below one mount. */
export const routes: readonly Route[] = [
  door("envelope.authorize", "GET", `${API}/authen/v1/authorize`, showPicker(authorization)),
  door("envelope.decide", "POST", `${API}/authen/v1/authorize`, decide(authorization)),
  door("envelope.token", "POST", `${API}/authen/v2/oauth/token`, token),
  door("envelope.user", "GET", `${API}/authen/v1/user_info`, userInfo),
  door("envelope.app-token", "POST", `${API}/auth/v3/tenant_access_token/internal`, appToken),
  door("envelope.contact", "GET", `${API}/contact/v3/users/{}`, contact),
  door("envelope.contact", "GET", `${API}/contact/v3/departments/{}`, department),
  door("envelope.contact", "GET", `${API}/contact/v3/group/member_belong`, groups),
];
