import type { Profile, Sources } from "../definition.ts";

/** The standard claims (OpenID Connect Core §5.1), those of the signed ID token before those of userinfo. */
export function oidcProfile(sources: Sources): Profile {
  const claims = mergeClaims(sources.idToken ?? {}, sources.userInfo ?? {});
  return {
    subject: sources.idToken?.sub,
    handle: claims.preferred_username ?? claims.nickname ?? claims.email,
    name: claims.name,
    email: claims.email,
    // Only the boolean counts: a text could mean anything.
    emailVerified: typeof claims.email_verified === "boolean" ? claims.email_verified : null,
    picture: claims.picture,
    claims,
  };
}

type Claims = Readonly<Record<string, unknown>>;

/** Claims of two sources; what the first one says goes over what the other one says. */
export function mergeClaims(first: Claims, other: Claims): Claims {
  // The address and whether it is verified belong together: never one from here and one from there.
  if (first.email === undefined) return { ...other, ...without(first, "email_verified") };
  return { ...without(other, "email_verified"), ...first };
}

function without(claims: Claims, name: string): Claims {
  const { [name]: _, ...others } = claims;
  return others;
}
