import type { AuthorizationRules } from "../authorization-request.ts";
import { decide, showPicker } from "../authorize.ts";
import type { Handler } from "../context.ts";
import { ACCESS_DENIED, openidAuthorization } from "../openid/authorization.ts";
import { logout } from "../openid/logout.ts";
import { jwks, providerMetadata } from "../openid/provider-metadata.ts";
import { revocationEndpoint } from "../openid/revocation.ts";
import { tokenEndpoint } from "../openid/token.ts";
import { userinfoEndpoint } from "../openid/userinfo.ts";
import { door, type Route } from "../route.ts";
import { MOUNT, provider, sessionStateOf } from "./provider.ts";

const REALM = `${MOUNT}/{}`;
const PROTOCOL = `${REALM}/protocol/openid-connect`;

const discovery: Handler = ({ issuer }, { segments: [place = ""] }) => {
  const realm = `${issuer}${MOUNT}/${place}`;
  const protocol = `${realm}/protocol/openid-connect`;
  return providerMetadata(
    {
      issuer: realm,
      authorization_endpoint: `${protocol}/auth`,
      token_endpoint: `${protocol}/token`,
      userinfo_endpoint: `${protocol}/userinfo`,
      revocation_endpoint: `${protocol}/revoke`,
      end_session_endpoint: `${protocol}/logout`,
      jwks_uri: `${protocol}/certs`,
    },
    {
      code_challenge_methods_supported: ["plain", "S256"],
      authorization_response_iss_parameter_supported: true,
    },
  );
};

const authorization: AuthorizationRules = {
  ...openidAuthorization,
  flavour: "realms",
  granted: (code, { place }) => ({ code, session_state: sessionStateOf(place) }),
  cancelled: ({ place }) => ({ ...ACCESS_DENIED, session_state: sessionStateOf(place) }),
  callbackIssuer: (issuer, { place }) => `${issuer}${MOUNT}/${place}`,
};

/** Everything of a realm stands below its issuer. */
export const routes: readonly Route[] = [
  door("realms.discovery", "GET", `${REALM}/.well-known/openid-configuration`, discovery),
  door("realms.jwks", "GET", `${PROTOCOL}/certs`, jwks),
  door("realms.authorize", "GET", `${PROTOCOL}/auth`, showPicker(authorization)),
  door("realms.decide", "POST", `${PROTOCOL}/auth`, decide(authorization)),
  door("realms.token", "POST", `${PROTOCOL}/token`, tokenEndpoint(provider)),
  door("realms.userinfo", "GET POST", `${PROTOCOL}/userinfo`, userinfoEndpoint(provider)),
  door("realms.revocation", "POST", `${PROTOCOL}/revoke`, revocationEndpoint(provider)),
  door("realms.logout", "GET POST", `${PROTOCOL}/logout`, logout),
];
