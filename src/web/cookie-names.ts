import { type Cookie, serializeCookie } from "./cookies.ts";

/** The cookies of Postern, by what they are for. */
export interface CookieNames {
  /** Whether they carry `Secure`: over https. */
  readonly secure: boolean;
  readonly session: string;
  /** Prefix; a part of the state follows. */
  readonly transaction: string;
  /** Marks a browser that a sign-in was begun in. */
  readonly browser: string;
  readonly locale: string;
  readonly theme: string;
  readonly lastProvider: string;
  /** Holds the secret of an owner link from the press on its button until the sign-in. */
  readonly ownerLink: string;
  /** Holds an accepted invitation, sealed, from the press on its button until the sign-in. */
  readonly invitation: string;
  /** Tells for ten minutes how far the last sign-out has come at the provider, sealed. */
  readonly signOut: string;
  /** Proves for a quarter of an hour who somebody is who may ask to be let in. */
  readonly accessRequest: string;
}

/**
 * Over https every name carries `__Host-` (RFC 6265bis §4.1.3): no sibling host and no plain http page can plant one.
 * On http://localhost browsers would refuse such names, so there they go without.
 */
export function cookieNames(https: boolean): CookieNames {
  const prefix = https ? "__Host-postern" : "postern";
  return {
    secure: https,
    session: prefix,
    transaction: `${prefix}-tx-`,
    browser: `${prefix}-browser`,
    locale: `${prefix}-locale`,
    theme: `${prefix}-theme`,
    lastProvider: `${prefix}-last-provider`,
    ownerLink: `${prefix}-owner-link`,
    invitation: `${prefix}-invitation`,
    signOut: `${prefix}-sign-out`,
    accessRequest: `${prefix}-access-request`,
  };
}

/** A `Set-Cookie` value with the attributes that all our cookies share. `maxAge` in seconds; none = until the browser closes. */
export function setCookie(
  { secure }: Pick<CookieNames, "secure">,
  cookie: Pick<Cookie, "name" | "value"> & {
    readonly maxAge?: number;
    readonly sameSite?: Cookie["sameSite"];
  },
): string {
  return serializeCookie({ sameSite: "Lax", ...cookie, httpOnly: true, secure, path: "/" });
}

/** A `Set-Cookie` value that removes the cookie. */
export function clearCookie(cookies: Pick<CookieNames, "secure">, name: string): string {
  return setCookie(cookies, { name, value: "", maxAge: 0 });
}
