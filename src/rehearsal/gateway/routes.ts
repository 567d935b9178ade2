import { randomBytes } from "node:crypto";
import { type AuthorizationRules, partyNamed } from "../authorization-request.ts";
import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { gateway } from "./call.ts";

const AUTHORIZE = "/gateway/oauth2/publicAppAuthorize.htm";

/** `app_id`, no `response_type`; the code comes back as `auth_code`, among others that nobody asked for. */
const authorization: AuthorizationRules = {
  flavour: "gateway",
  party: partyNamed("app_id"),
  check: (parameters) =>
    /^auth_(base|user)(,auth_(base|user))*$/.test(parameters.get("scope") ?? "")
      ? null
      : { error: "invalid_scope", description: "scope must be auth_user or auth_base" },
  tells: "person",
  grantScope: (asked) => asked,
  newCode: () => randomBytes(16).toString("hex"),
  granted: (authCode, { clientId, scope }) => ({
    auth_code: authCode,
    app_id: clientId,
    scope: scope.join(","),
    source: "alipay_wallet",
  }),
  // Nobody is led back.
  cancelled: () => null,
};

/** As Alipay does it: a page in front, one signed gateway behind. */
export const routes: readonly Route[] = [
  door("gateway.authorize", "GET", AUTHORIZE, showPicker(authorization)),
  door("gateway.decide", "POST", AUTHORIZE, decide(authorization)),
  door("gateway.call", "GET POST", "/gateway/gateway.do", gateway),
];
