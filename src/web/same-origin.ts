import { header, type RequestHead } from "./headers.ts";

/** Who made the browser send this: our own page, one that may, another one, or no browser at all. */
export type RequestOrigin = "same" | "allowed" | "cross" | "unknown";

/**
 * Where a request comes from, by `Origin` (compared as a whole), then by `Sec-Fetch-Site`; anything unclear is `cross`.
 * `unknown` means that neither is there: not a browser, so there is no browser's cookie to abuse.
 */
export function requestOrigin(
  request: RequestHead,
  ownOrigin: string,
  allowedOrigins: readonly string[],
): RequestOrigin {
  const origin = header(request.headers, "origin");
  const site = header(request.headers, "sec-fetch-site");
  if (origin === ownOrigin) return "same";
  // A form on a page with `Referrer-Policy: no-referrer`, ours for one, posts `Origin: null` (Fetch §3.2). Only the
  // browser writes the second header, and to it the opaque origin of a sandbox is cross-site.
  if (origin === "null") return site === "same-origin" ? "same" : "cross";
  if (origin !== null) return allowedOrigins.includes(origin) ? "allowed" : "cross";
  if (site === null) return "unknown";
  return site === "same-origin" || site === "none" ? "same" : "cross";
}
