import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";

/** `prompt=consent` is demanded; the code comes back as `authCode`. */
export const authorization: AuthorizationRules = {
  flavour: "camel-json",
  check(parameters) {
    const scope = (parameters.get("scope") ?? "").split(" ");
    const wrong = [
      parameters.get("response_type") === "code" ? null : "response_type",
      parameters.get("prompt") === "consent" ? null : "prompt",
      scope.includes("openid") ? null : "scope",
    ].find((name) => name !== null);
    return wrong === undefined ? null : { error: "invalidParameter", description: wrong };
  },
  tells: "person",
  grantScope: (asked) => ["openid", "corpid"].filter((scope) => asked.includes(scope)),
  newCode: () => randomBytes(16).toString("hex"),
  granted: (authCode) => ({ authCode }),
  // The documentation does not say how a refusal looks: here it is the state alone.
  cancelled: () => ({}),
};
