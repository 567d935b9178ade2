import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { appToken, departments, detail, member, user } from "./api.ts";
import { desktopAuthorization, embeddedAuthorization } from "./authorization.ts";

const MOUNT = "/app-token";
const DESKTOP = `${MOUNT}/wwlogin/sso/login`;
const QR_CODE = `${MOUNT}/wwopen/sso/qrConnect`;
const EMBEDDED = `${MOUNT}/connect/oauth2/authorize`;

/** Three ways to the sign-in page, and an API for applications only. */
export const routes: readonly Route[] = [
  door("app-token.authorize", "GET", DESKTOP, showPicker(desktopAuthorization)),
  door("app-token.decide", "POST", DESKTOP, decide(desktopAuthorization)),
  door("app-token.authorize", "GET", QR_CODE, showPicker(desktopAuthorization)),
  door("app-token.decide", "POST", QR_CODE, decide(desktopAuthorization)),
  door("app-token.authorize", "GET", EMBEDDED, showPicker(embeddedAuthorization)),
  door("app-token.decide", "POST", EMBEDDED, decide(embeddedAuthorization)),
  door("app-token.app-token", "GET", `${MOUNT}/cgi-bin/gettoken`, appToken),
  door("app-token.user", "GET", `${MOUNT}/cgi-bin/auth/getuserinfo`, user),
  door("app-token.contact", "GET", `${MOUNT}/cgi-bin/user/get`, member),
  door("app-token.contact", "POST", `${MOUNT}/cgi-bin/auth/getuserdetail`, detail),
  door("app-token.contact", "GET", `${MOUNT}/cgi-bin/department/list`, departments),
];
