import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { ACCESS_DENIED } from "../openid/authorization.ts";

/** Wrong requests stay on the provider's page. A challenge without a method counts as `plain`. */
export const authorization: AuthorizationRules = {
  flavour: "envelope",
  check(parameters) {
    if (parameters.get("response_type") !== "code") return { error: "20001", description: "response_type" };
    const method = parameters.get("code_challenge_method") ?? "plain";
    return method === "plain" || method === "S256"
      ? null
      : { error: "20001", description: "code_challenge_method" };
  },
  tells: "person",
  grantScope: (asked) => ["auth:user.id:read", ...asked.filter((scope) => scope !== "auth:user.id:read")],
  newCode: () => randomBytes(48).toString("base64url"),
  cancelled: () => ACCESS_DENIED,
};
