import { type LocalPath, localPath } from "./return-to.ts";

declare const brand: unique symbol;

/** An address of a front end whose origin is listed in `allowedOrigins`, proven so. */
export type FrontEndUrl = string & { readonly [brand]: true };

/** Where people may be led after a sign-in: a path of ours, or a front end that is listed. One begins with `/`, the other with `http`. */
export type ReturnTarget = LocalPath | FrontEndUrl;

/** As for a path; the origin comes on top. */
const MAX_LENGTH = 2048;

/**
 * The value itself when it is a listed origin followed by nothing or by what `localPath` takes for a path; otherwise
 * `null`. Both are compared as they are written, so there is no room for a user, another port or another spelling of the
 * host; what `URL` reads must agree. It is never changed: what was checked is what is sent, the fragment included, in
 * which some front ends keep their own path.
 */
export function frontEndUrl(value: unknown, allowedOrigins: readonly string[]): FrontEndUrl | null {
  if (typeof value !== "string" || value.length > MAX_LENGTH) return null;
  const origin = allowedOrigins.find((listed) => value === listed || value.startsWith(`${listed}/`));
  if (origin === undefined) return null;
  const path = value.slice(origin.length);
  if (path !== "" && localPath(path) === null) return null;
  return URL.parse(value)?.origin === origin ? (value as FrontEndUrl) : null;
}

/** A path of ours, or a listed front end; `null` for everything that leads elsewhere. */
export function returnTarget(value: unknown, allowedOrigins: readonly string[]): ReturnTarget | null {
  return localPath(value) ?? frontEndUrl(value, allowedOrigins);
}

/** Whether it leads away from us, to a front end. */
export function isFrontEndUrl(target: ReturnTarget): target is FrontEndUrl {
  return !target.startsWith("/");
}
