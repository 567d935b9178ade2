import { decide, showPicker } from "./authorize.ts";
import * as controls from "./controls.ts";
import { LOOK_ALIKES } from "./endpoints.ts";
import { MECHANISMS } from "./mechanisms.ts";
import { openidAuthorization } from "./openid/authorization.ts";
import { discovery } from "./openid/discovery.ts";
import { logout } from "./openid/logout.ts";
import { revocation, token, userinfo } from "./openid/plain.ts";
import { jwks } from "./openid/provider-metadata.ts";
import { homePage } from "./pages/home-page.ts";
import { text } from "./responses.ts";
import type { Route } from "./route.ts";

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

  ...LOOK_ALIKES.flatMap((name) => MECHANISMS[name].routes),

  {
    endpoint: "elsewhere",
    methods: ["GET", "POST"],
    path: "/rehearsal/elsewhere",
    handle: () => text(200, "Nobody should have followed a redirect to here."),
  },
  { endpoint: null, methods: ["POST"], path: "/rehearsal/misbehave", handle: controls.misbehave },
  { endpoint: null, methods: ["DELETE"], path: "/rehearsal/misbehave", handle: controls.behave },
  { endpoint: null, methods: ["POST"], path: "/rehearsal/rotate-keys", handle: controls.rotateKeys },
  { endpoint: null, methods: ["POST"], path: "/rehearsal/logout", handle: controls.tellOfLogout },
  { endpoint: null, methods: ["GET"], path: "/rehearsal/state", handle: controls.readState },
  { endpoint: null, methods: ["GET"], path: "/", handle: homePage },
];
