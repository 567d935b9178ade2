import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";
import { decide, showPicker } from "../authorize.ts";
import type { Handler } from "../context.ts";
import { jwks, providerMetadata } from "../openid/provider-metadata.ts";
import { revocationEndpoint } from "../openid/revocation.ts";
import { tokenEndpoint } from "../openid/token.ts";
import type { Persona } from "../personas.ts";
import { door, type Route } from "../route.ts";
import { MOUNT, provider, toldEmail } from "./provider.ts";

const AUTHORIZE = `${MOUNT}/auth/authorize`;

const discovery: Handler = ({ issuer }) =>
  providerMetadata(
    {
      issuer: `${issuer}${MOUNT}`,
      authorization_endpoint: `${issuer}${AUTHORIZE}`,
      token_endpoint: `${issuer}${MOUNT}/auth/token`,
      revocation_endpoint: `${issuer}${MOUNT}/auth/revoke`,
      jwks_uri: `${issuer}${MOUNT}/auth/keys`,
    },
    {
      response_modes_supported: ["query", "fragment", "form_post"],
      token_endpoint_auth_methods_supported: ["client_secret_post"],
      subject_types_supported: ["pairwise"],
      scopes_supported: ["openid", "email", "name"],
    },
  );

/** With any scope the answer must come by POST; name and address accompany it at the very first consent only. */
const authorization: AuthorizationRules = {
  flavour: "form-post",
  check(parameters) {
    const asksForMore = /\b(name|email)\b/.test(parameters.get("scope") ?? "");
    return asksForMore && parameters.get("response_mode") !== "form_post"
      ? { error: "invalid_request", description: "response_mode must be form_post with name or email" }
      : null;
  },
  tells: "person",
  grantScope: (asked) => ["openid", "name", "email"].filter((scope) => asked.includes(scope)),
  newCode: () => `c${randomBytes(16).toString("hex")}.0.${randomBytes(8).toString("hex")}`,
  granted: (code, { firstConsent, scope }, persona) => ({
    code,
    ...(firstConsent && scope.length > 0 && { user: firstTimeUser(persona, scope) }),
  }),
  cancelled: () => ({ error: "user_cancelled_authorize" }),
  responseMode: (parameters) => (parameters.get("response_mode") === "form_post" ? "form_post" : "query"),
};

function firstTimeUser(persona: Persona, scope: readonly string[]): string {
  const [firstName = "", ...rest] = (persona.name ?? "").split(" ");
  return JSON.stringify({
    ...(scope.includes("name") && persona.name !== null && { name: { firstName, lastName: rest.join(" ") } }),
    ...(scope.includes("email") && { email: toldEmail(persona) }),
  });
}

/** No userinfo and no sign-out: there are none. */
export const routes: readonly Route[] = [
  door("form-post.discovery", "GET", `${MOUNT}/.well-known/openid-configuration`, discovery),
  door("form-post.jwks", "GET", `${MOUNT}/auth/keys`, jwks),
  door("form-post.authorize", "GET", AUTHORIZE, showPicker(authorization)),
  door("form-post.decide", "POST", AUTHORIZE, decide(authorization)),
  door("form-post.token", "POST", `${MOUNT}/auth/token`, tokenEndpoint(provider)),
  door("form-post.revocation", "POST", `${MOUNT}/auth/revoke`, revocationEndpoint(provider)),
];
