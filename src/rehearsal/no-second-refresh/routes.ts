import { decide, showPicker } from "../authorize.ts";
import type { Handler } from "../context.ts";
import { jwks, providerMetadata } from "../openid/provider-metadata.ts";
import { revocationEndpoint } from "../openid/revocation.ts";
import { tokenEndpoint } from "../openid/token.ts";
import { userinfoEndpoint } from "../openid/userinfo.ts";
import { door, type Route } from "../route.ts";
import { authorization } from "./authorization.ts";
import { MOUNT, provider } from "./provider.ts";

const AUTHORIZE = `${MOUNT}/o/oauth2/v2/auth`;

const discovery: Handler = ({ issuer }) =>
  providerMetadata(
    {
      issuer: `${issuer}${MOUNT}`,
      authorization_endpoint: `${issuer}${AUTHORIZE}`,
      token_endpoint: `${issuer}${MOUNT}/token`,
      userinfo_endpoint: `${issuer}${MOUNT}/v1/userinfo`,
      revocation_endpoint: `${issuer}${MOUNT}/revoke`,
      jwks_uri: `${issuer}${MOUNT}/oauth2/v3/certs`,
    },
    { code_challenge_methods_supported: ["plain", "S256"] },
  );

/** One host below the mount instead of four. */
export const routes: readonly Route[] = [
  door("no-second-refresh.discovery", "GET", `${MOUNT}/.well-known/openid-configuration`, discovery),
  door("no-second-refresh.jwks", "GET", `${MOUNT}/oauth2/v3/certs`, jwks),
  door("no-second-refresh.authorize", "GET", AUTHORIZE, showPicker(authorization)),
  door("no-second-refresh.decide", "POST", AUTHORIZE, decide(authorization)),
  door("no-second-refresh.token", "POST", `${MOUNT}/token`, tokenEndpoint(provider)),
  door("no-second-refresh.userinfo", "GET POST", `${MOUNT}/v1/userinfo`, userinfoEndpoint(provider)),
  door("no-second-refresh.revocation", "POST", `${MOUNT}/revoke`, revocationEndpoint(provider)),
];
