import { decide, showPicker } from "../authorize.ts";
import type { Handler } from "../context.ts";
import { logout } from "../openid/logout.ts";
import { jwks, providerMetadata } from "../openid/provider-metadata.ts";
import { tokenEndpoint } from "../openid/token.ts";
import { userinfoEndpoint } from "../openid/userinfo.ts";
import { door, type Route } from "../route.ts";
import { authorization } from "./authorization.ts";
import { memberObjects, memberOf, photo } from "./directory.ts";
import { provider } from "./provider.ts";
import { refusal } from "./refusals.ts";
import { findTenant, GRAPH, issuerOf } from "./tenant.ts";

const TENANT = "/{}";

/** Where several tenants sign in, the issuer is a template and no address. */
const discovery: Handler = ({ issuer, now }, { segments: [place = ""] }) => {
  const tenant = findTenant(place);
  if (tenant === null) return refusal("tenant", now());
  const base = `${issuer}/${place}`;
  return providerMetadata(
    {
      issuer: issuerOf(issuer, tenant),
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      userinfo_endpoint: `${issuer}${GRAPH}/oidc/userinfo`,
      end_session_endpoint: `${base}/oauth2/v2.0/logout`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
    },
    { subject_types_supported: ["pairwise"], response_modes_supported: ["query", "fragment", "form_post"] },
  );
};

/** As the real one has them, the tenants stand at the root; the directory's own API beside them, below `/graph`. */
export const routes: readonly Route[] = [
  door("tenants.discovery", "GET", `${TENANT}/v2.0/.well-known/openid-configuration`, discovery),
  door("tenants.jwks", "GET", `${TENANT}/discovery/v2.0/keys`, jwks),
  door("tenants.authorize", "GET", `${TENANT}/oauth2/v2.0/authorize`, showPicker(authorization)),
  door("tenants.decide", "POST", `${TENANT}/oauth2/v2.0/authorize`, decide(authorization)),
  door("tenants.token", "POST", `${TENANT}/oauth2/v2.0/token`, tokenEndpoint(provider)),
  door("tenants.logout", "GET POST", `${TENANT}/oauth2/v2.0/logout`, logout),
  door("tenants.userinfo", "GET POST", `${GRAPH}/oidc/userinfo`, userinfoEndpoint(provider)),
  door("tenants.groups", "GET", `${GRAPH}/v1.0/me/memberOf`, memberOf),
  door("tenants.groups", "GET", `${GRAPH}/v1.0/me/transitiveMemberOf`, memberOf),
  door("tenants.groups", "POST", `${GRAPH}/v1.0/me/getMemberObjects`, memberObjects),
  door(null, "GET", `${GRAPH}/v1.0/me/photos/{}/$value`, photo),
];
