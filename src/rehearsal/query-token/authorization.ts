import { randomBytes } from "node:crypto";
import { type AuthorizationRules, partyNamed } from "../authorization-request.ts";

/** The page with the code to scan: `appid`, scopes between commas, and a fragment that must be there. */
export const scannedAuthorization: AuthorizationRules = {
  flavour: "query-token",
  party: partyNamed("appid"),
  check: (parameters) => checkScope(parameters, ["snsapi_login"]),
  tells: "person",
  grantScope: (asked) => asked,
  newCode: () => randomBytes(16).toString("hex"),
  // The older page leads back with the state alone; the newer one leads nobody back.
  cancelled: () => ({}),
  fragment: "wechat_redirect",
};

/** The page inside the chat application. */
export const embeddedAuthorization: AuthorizationRules = {
  ...scannedAuthorization,
  check: (parameters) => checkScope(parameters, ["snsapi_base", "snsapi_userinfo"]),
};

function checkScope(parameters: URLSearchParams, allowed: readonly string[]) {
  if (parameters.get("response_type") !== "code") return { error: "10002", description: "response_type" };
  const scope = (parameters.get("scope") ?? "").split(",");
  return scope.every((name) => allowed.includes(name)) ? null : { error: "10005", description: "scope" };
}
