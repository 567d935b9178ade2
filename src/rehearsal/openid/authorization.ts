import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { isChallenge } from "../pkce.ts";

/** What can be asked for. `offline_access` brings a refresh token. */
export const SCOPES: readonly string[] = ["openid", "profile", "email", "offline_access"];

/** How most providers say that the person cancelled (RFC 6749 §4.1.2.1). */
export const ACCESS_DENIED = { error: "access_denied" };

/** The authorization endpoint of OpenID Connect (Core §3.1.2): code only, PKCE S256 always. */
export const openidAuthorization: AuthorizationRules = {
  flavour: "openid",
  callbackIssuer: (issuer) => issuer,
  check(parameters) {
    const scope = (parameters.get("scope") ?? "").split(" ");
    const invalid = (description: string) => ({ error: "invalid_request", description });
    if (parameters.get("response_type") !== "code") {
      return { error: "unsupported_response_type", description: "response_type must be code" };
    }
    if ((parameters.get("response_mode") ?? "query") !== "query")
      return invalid("response_mode must be query");
    if (!scope.includes("openid"))
      return { error: "invalid_scope", description: "scope must include openid" };
    if (parameters.get("code_challenge_method") !== "S256")
      return invalid("code_challenge_method must be S256");
    if (!isChallenge(parameters.get("code_challenge") ?? ""))
      return invalid("code_challenge is missing or no SHA-256");
    // Whoever comes is asked who they are each time: `login` and every age are kept by that.
    const prompt = (parameters.get("prompt") ?? "login").split(" ");
    if (prompt.includes("none") && prompt.length > 1) return invalid("prompt=none stands alone");
    if (!/^\d+$/.test(parameters.get("max_age") ?? "0"))
      return invalid("max_age must be a whole number of seconds");
    return null;
  },
  grantScope: (asked) => SCOPES.filter((scope) => asked.includes(scope)),
  // A slash as in Google's codes: whoever does not encode and decode it properly finds out here.
  newCode: () => `4/0${randomBytes(24).toString("base64url")}`,
  cancelled: () => ACCESS_DENIED,
};
