import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { accessToken, temporaryToken } from "./tokens.ts";
import { user } from "./user.ts";

const MOUNT = "/oauth1";

/** No state: application and address are those of the temporary token (RFC 5849 §2.2). */
const authorization: AuthorizationRules = {
  flavour: "oauth1",
  party({ temporaryCredentials }, parameters) {
    const temporary = temporaryCredentials.find(parameters.get("oauth_token") ?? "");
    return { clientId: temporary?.clientId ?? "", redirectUri: temporary?.callback ?? "" };
  },
  check: () => null,
  grantScope: () => [],
  newCode: () => randomBytes(24).toString("base64url"),
  granted: (verifier, { asked }) => ({ oauth_token: asked.oauth_token ?? "", oauth_verifier: verifier }),
  cancelled: ({ asked }) => ({ denied: asked.oauth_token ?? "" }),
};

/** As X does it in OAuth 1.0a. */
export const routes: readonly Route[] = [
  door("oauth1.temporary", "POST", `${MOUNT}/oauth/request_token`, temporaryToken),
  door("oauth1.authorize", "GET", `${MOUNT}/oauth/authenticate`, showPicker(authorization)),
  door("oauth1.decide", "POST", `${MOUNT}/oauth/authenticate`, decide(authorization)),
  door("oauth1.authorize", "GET", `${MOUNT}/oauth/authorize`, showPicker(authorization)),
  door("oauth1.decide", "POST", `${MOUNT}/oauth/authorize`, decide(authorization)),
  door("oauth1.token", "POST", `${MOUNT}/oauth/access_token`, accessToken),
  door("oauth1.user", "GET", `${MOUNT}/1.1/account/verify_credentials.json`, user),
];
