import { randomBytes } from "node:crypto";
import { type AuthorizationRules, partyNamed } from "../authorization-request.ts";

/** The sign-in page for browsers: the application is named by company and agent, the state is letters and digits. */
export const desktopAuthorization: AuthorizationRules = {
  flavour: "app-token",
  party: partyNamed("appid"),
  check(parameters) {
    if (!/^\d+$/.test(parameters.get("agentid") ?? "")) return { error: "-31020", description: "agentid" };
    return checkState(parameters);
  },
  tells: "person",
  grantScope: (asked) => asked,
  newCode: () => randomBytes(32).toString("base64url"),
  granted: (code, { clientId }) => ({ code, appid: clientId }),
  // The state alone: neither a code nor an error.
  cancelled: () => ({}),
};

/** The page inside the chat application: a scope, and a fragment that must be there. */
export const embeddedAuthorization: AuthorizationRules = {
  ...desktopAuthorization,
  check(parameters) {
    const scope = parameters.get("scope") ?? "";
    if (parameters.get("response_type") !== "code") return { error: "10002", description: "response_type" };
    if (scope !== "snsapi_base" && scope !== "snsapi_privateinfo") {
      return { error: "10005", description: "scope" };
    }
    const privateWithoutAgent = scope === "snsapi_privateinfo" && !parameters.has("agentid");
    return privateWithoutAgent ? { error: "10006", description: "agentid" } : checkState(parameters);
  },
  granted: (code) => ({ code }),
  fragment: "wechat_redirect",
};

function checkState(parameters: URLSearchParams) {
  const fine = /^[A-Za-z0-9]{0,128}$/.test(parameters.get("state") ?? "");
  return fine ? null : { error: "state", description: "at most 128 letters and digits" };
}
