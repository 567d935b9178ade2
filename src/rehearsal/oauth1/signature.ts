import { createHmac, timingSafeEqual } from "node:crypto";
import type { Call } from "../context.ts";
import { percentDecode } from "../percent-decode.ts";

/** The `oauth_*` parameters of a request (RFC 5849 §3.5), from its header, form or query. */
export function oauthParameters({ request, form, url }: Call): URLSearchParams {
  const header = request.headers.get("authorization") ?? "";
  const parameters = new URLSearchParams();
  if (/^oauth /i.test(header)) {
    for (const [, name = "", value = ""] of header.matchAll(/([A-Za-z_]+)="([^"]*)"/g)) {
      if (name !== "realm") parameters.append(name, percentDecode(value));
    }
  }
  for (const [name, value] of [...form, ...url.searchParams]) {
    if (name.startsWith("oauth_")) parameters.append(name, value);
  }
  return parameters;
}

/** The signature of a request (RFC 5849 §3.4, HMAC-SHA1), base64. */
export function signatureOf(
  call: Call,
  oauth: URLSearchParams,
  clientSecret: string,
  tokenSecret: string,
): string {
  const { request, url, form } = call;
  const others = [...form, ...url.searchParams].filter(([name]) => !name.startsWith("oauth_"));
  const pairs = [...oauth, ...others]
    .filter(([name]) => name !== "oauth_signature")
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`);
  const base = [request.method, `${url.origin}${url.pathname}`, pairs.join("&")].map(encode).join("&");
  return createHmac("sha1", `${encode(clientSecret)}&${encode(tokenSecret)}`)
    .update(base)
    .digest("base64");
}

/** Whether two signatures are the same, in constant time. */
export function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

/** Percent encoding as RFC 3986 has it; JavaScript leaves five characters alone. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
