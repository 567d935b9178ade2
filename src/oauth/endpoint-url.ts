import { isLoopbackHost } from "./address-policy.ts";

/** Why an address cannot be an issuer or an endpoint. */
export type UrlFault = "not_a_url" | "not_https" | "userinfo" | "fragment" | "query";

/**
 * What is wrong with the address of an endpoint, `null` when nothing is: https (plain http only on this machine),
 * no user, no fragment (RFC 6749 §3.1).
 */
export function endpointFault(value: string): UrlFault | null {
  const url = URL.parse(value);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return "not_a_url";
  if (url.protocol === "http:" && !isLoopbackHost(url.hostname)) return "not_https";
  if (url.username !== "" || url.password !== "") return "userinfo";
  return value.includes("#") ? "fragment" : null;
}

/** Like `endpointFault` for an issuer, which has no query either (RFC 8414 §2). */
export function issuerFault(value: string): UrlFault | null {
  return endpointFault(value) ?? (value.includes("?") ? "query" : null);
}
