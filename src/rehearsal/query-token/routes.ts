import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { check, refresh, token, user } from "./api.ts";
import { embeddedAuthorization, scannedAuthorization } from "./authorization.ts";

const MOUNT = "/query-token";
const SCANNED = `${MOUNT}/connect/qrconnect`;
const EMBEDDED = `${MOUNT}/connect/oauth2/authorize`;

/** Every call a GET, secrets and tokens in its query. */
export const routes: readonly Route[] = [
  door("query-token.authorize", "GET", SCANNED, showPicker(scannedAuthorization)),
  door("query-token.decide", "POST", SCANNED, decide(scannedAuthorization)),
  door("query-token.authorize", "GET", EMBEDDED, showPicker(embeddedAuthorization)),
  door("query-token.decide", "POST", EMBEDDED, decide(embeddedAuthorization)),
  door("query-token.token", "GET", `${MOUNT}/sns/oauth2/access_token`, token),
  door("query-token.token", "GET", `${MOUNT}/sns/oauth2/refresh_token`, refresh),
  door("query-token.user", "GET", `${MOUNT}/sns/userinfo`, user),
  door("query-token.user", "GET", `${MOUNT}/sns/auth`, check),
];
