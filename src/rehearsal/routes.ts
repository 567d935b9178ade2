import { decide, showPicker } from "./authorize.ts";
import type { Handler } from "./context.ts";
import * as controls from "./controls.ts";
import type { Endpoint } from "./endpoints.ts";
import { githubAccessToken } from "./github/access-token.ts";
import { githubAuthorization } from "./github/authorization.ts";
import { githubEmails } from "./github/emails.ts";
import { githubUser } from "./github/user.ts";
import { openidAuthorization } from "./openid/authorization.ts";
import { discovery, jwks } from "./openid/discovery.ts";
import { logout } from "./openid/logout.ts";
import { revocation } from "./openid/revocation.ts";
import { token } from "./openid/token.ts";
import { userinfo } from "./openid/userinfo.ts";
import { homePage } from "./pages/home-page.ts";
import { text } from "./responses.ts";

export interface Route {
  /** `null` = no part of a provider: neither counted nor made to misbehave. */
  readonly endpoint: Endpoint | null;
  readonly methods: readonly string[];
  readonly path: string;
  readonly handle: Handler;
}

/** THE TABLE: everything that the rehearsal provider answers. */
export const ROUTES: readonly Route[] = [
  { endpoint: "discovery", methods: ["GET"], path: "/.well-known/openid-configuration", handle: discovery },
  { endpoint: "jwks", methods: ["GET"], path: "/jwks", handle: jwks },
  { endpoint: "authorize", methods: ["GET"], path: "/authorize", handle: showPicker(openidAuthorization) },
  { endpoint: "decide", methods: ["POST"], path: "/authorize", handle: decide(openidAuthorization) },
  { endpoint: "token", methods: ["POST"], path: "/token", handle: token },
  { endpoint: "userinfo", methods: ["GET", "POST"], path: "/userinfo", handle: userinfo },
  { endpoint: "revocation", methods: ["POST"], path: "/revoke", handle: revocation },
  { endpoint: "logout", methods: ["GET", "POST"], path: "/logout", handle: logout },

  {
    endpoint: "github.authorize",
    methods: ["GET"],
    path: "/github/login/oauth/authorize",
    handle: showPicker(githubAuthorization),
  },
  {
    endpoint: "github.decide",
    methods: ["POST"],
    path: "/github/login/oauth/authorize",
    handle: decide(githubAuthorization),
  },
  {
    endpoint: "github.token",
    methods: ["POST"],
    path: "/github/login/oauth/access_token",
    handle: githubAccessToken,
  },
  { endpoint: "github.user", methods: ["GET"], path: "/github/api/v3/user", handle: githubUser },
  { endpoint: "github.emails", methods: ["GET"], path: "/github/api/v3/user/emails", handle: githubEmails },

  {
    endpoint: "elsewhere",
    methods: ["GET", "POST"],
    path: "/rehearsal/elsewhere",
    handle: () => text(200, "Nobody should have followed a redirect to here."),
  },
  { endpoint: null, methods: ["POST"], path: "/rehearsal/misbehave", handle: controls.misbehave },
  { endpoint: null, methods: ["DELETE"], path: "/rehearsal/misbehave", handle: controls.behave },
  { endpoint: null, methods: ["POST"], path: "/rehearsal/rotate-keys", handle: controls.rotateKeys },
  { endpoint: null, methods: ["GET"], path: "/rehearsal/state", handle: controls.readState },
  { endpoint: null, methods: ["GET"], path: "/", handle: homePage },
];
