import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { isChallenge } from "../pkce.ts";

/** GitHub's authorization endpoint: PKCE may be left out, a scope it does not know is dropped without a word. */
export const githubAuthorization: AuthorizationRules = {
  flavour: "github",
  callbackIssuer: (issuer) => `${issuer}/github/login/oauth`,
  check(parameters) {
    const challenge = parameters.get("code_challenge");
    if (challenge === null) return null;
    const usable = parameters.get("code_challenge_method") === "S256" && isChallenge(challenge);
    return usable ? null : { error: "invalid_request", description: "only S256 challenges are taken" };
  },
  grantScope: (asked) =>
    ["read:org", "read:user", "user", "user:email"].filter((scope) => asked.includes(scope)),
  newCode: () => randomBytes(10).toString("hex"),
  cancelled: () => ({
    error: "access_denied",
    error_description: "The user has denied your application access.",
    error_uri: "https://docs.github.com/apps/",
  }),
};
