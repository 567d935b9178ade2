import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { ACCESS_DENIED } from "../openid/authorization.ts";
import { LONG_SCOPES } from "./provider.ts";

/** The authorization endpoint: the callback brings parameters that nobody asked for, and wrong requests stay here. */
export const authorization: AuthorizationRules = {
  flavour: "no-second-refresh",
  check(parameters) {
    const scope = (parameters.get("scope") ?? "").split(" ");
    if (parameters.get("response_type") !== "code") {
      return { error: "invalid_request", description: "response_type must be code" };
    }
    return scope.includes("openid")
      ? null
      : { error: "invalid_scope", description: "scope must include openid" };
  },
  tells: "person",
  grantScope: (asked) => ["openid", "email", "profile"].filter((scope) => asked.includes(scope)),
  newCode: () => `4/0A${randomBytes(24).toString("base64url")}`,
  granted: (code, { scope, asked }) => ({
    code,
    scope: scope.flatMap((name) => [name, LONG_SCOPES[name] ?? name]).join(" "),
    authuser: "0",
    // Whatever the request said: the person may have changed it on the way, so nothing follows from it.
    ...(asked.hd !== undefined && { hd: asked.hd }),
    prompt: asked.prompt ?? "none",
  }),
  cancelled: () => ACCESS_DENIED,
};
