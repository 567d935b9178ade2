import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { decide, showPicker } from "../authorize.ts";
import { door, type Route } from "../route.ts";
import { emails, enterprises, organizations, user } from "./api.ts";
import { token } from "./token.ts";

const MOUNT = "/confirmed-emails";

const authorization: AuthorizationRules = {
  flavour: "confirmed-emails",
  check: (parameters) =>
    parameters.get("response_type") === "code"
      ? null
      : { error: "unsupported_response_type", description: "response_type must be code" },
  grantScope: (asked) =>
    ["user_info", "emails", "groups", "enterprises"].filter(
      (scope) => scope === "user_info" || asked.includes(scope),
    ),
  newCode: () => randomBytes(32).toString("hex"),
  cancelled: () => ({ error: "access_denied", error_description: "用户或服务器拒绝了请求" }),
};

/** As Gitee does it. */
export const routes: readonly Route[] = [
  door("confirmed-emails.authorize", "GET", `${MOUNT}/oauth/authorize`, showPicker(authorization)),
  door("confirmed-emails.decide", "POST", `${MOUNT}/oauth/authorize`, decide(authorization)),
  door("confirmed-emails.token", "POST", `${MOUNT}/oauth/token`, token),
  door("confirmed-emails.user", "GET", `${MOUNT}/api/v5/user`, user),
  door("confirmed-emails.emails", "GET", `${MOUNT}/api/v5/emails`, emails),
  door("confirmed-emails.organizations", "GET", `${MOUNT}/api/v5/user/orgs`, organizations),
  door("confirmed-emails.organizations", "GET", `${MOUNT}/api/v5/user/enterprises`, enterprises),
];
