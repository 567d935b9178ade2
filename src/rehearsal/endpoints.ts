/** Every door of the rehearsal provider that can be counted, delayed or made to misbehave. */
export const ENDPOINTS = [
  "discovery",
  "jwks",
  "authorize",
  "decide",
  "token",
  "userinfo",
  "revocation",
  "logout",
  "github.authorize",
  "github.decide",
  "github.token",
  "github.user",
  "github.emails",
  // Where the `redirect` misbehaviour points: a relying party must never come here.
  "elsewhere",
] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** The two kinds of provider that are imitated. */
export type Flavour = "openid" | "github";
