const OPENID_DOORS = [
  "discovery",
  "jwks",
  "authorize",
  "decide",
  "token",
  "userinfo",
  "revocation",
  "logout",
] as const;

/** The look-alikes beside the plain OpenID Connect provider, each named by its mechanism, and their doors. */
const DOORS = {
  github: ["authorize", "decide", "token", "user", "emails", "organizations", "teams"],
  "no-second-refresh": ["discovery", "jwks", "authorize", "decide", "token", "userinfo", "revocation"],
  tenants: ["discovery", "jwks", "authorize", "decide", "token", "userinfo", "groups", "logout"],
  realms: ["discovery", "jwks", "authorize", "decide", "token", "userinfo", "revocation", "logout"],
  "form-post": ["discovery", "jwks", "authorize", "decide", "token", "revocation"],
  envelope: ["authorize", "decide", "token", "user", "app-token", "contact"],
  "camel-json": ["authorize", "decide", "token", "user", "app-token", "contact"],
  "app-token": ["authorize", "decide", "app-token", "user", "contact"],
  jsonp: ["authorize", "decide", "token", "openid", "user"],
  "query-token": ["authorize", "decide", "token", "user"],
  gateway: ["authorize", "decide", "call"],
  "confirmed-emails": ["authorize", "decide", "token", "user", "emails", "organizations"],
  oauth1: ["temporary", "authorize", "decide", "token", "user"],
} as const;

type Doors = typeof DOORS;

/** A kind of provider that is imitated below a path of its own. */
export type LookAlike = keyof Doors;
/** The kinds of provider that are imitated. */
export type Flavour = "openid" | LookAlike;

/** Every door of the rehearsal provider that can be counted, delayed or made to misbehave. */
export type Endpoint =
  | (typeof OPENID_DOORS)[number]
  | { readonly [Name in LookAlike]: `${Name}.${Doors[Name][number]}` }[LookAlike]
  // Where the `redirect` misbehaviour points: a relying party must never come here.
  | "elsewhere";

/** The look-alikes, in the order of the table. */
export const LOOK_ALIKES = Object.keys(DOORS) as readonly LookAlike[];

/** All doors: those of the plain provider first, those of a look-alike as `look-alike.door`. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...OPENID_DOORS,
  ...LOOK_ALIKES.flatMap((name) => DOORS[name].map((door) => `${name}.${door}` as Endpoint)),
  "elsewhere",
];

/** Which kind of provider a door belongs to; `null` = none. */
export function flavourOf(endpoint: Endpoint): Flavour | null {
  if (endpoint === "elsewhere") return null;
  return LOOK_ALIKES.find((name) => endpoint.startsWith(`${name}.`)) ?? "openid";
}

/** The doors of this name at every kind of provider that has one: `doorsNamed("token")`. */
export function doorsNamed(door: string): readonly Endpoint[] {
  return ENDPOINTS.filter((endpoint) => endpoint === door || endpoint.endsWith(`.${door}`));
}
