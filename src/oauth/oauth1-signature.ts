import { createHmac } from "node:crypto";
import { randomToken } from "../crypto/random.ts";

/** Who signs: the application, and the person's token once there is one (RFC 5849 §3.1). */
export interface OAuth1Credentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** `null` = there is none yet. */
  readonly token: { readonly value: string; readonly secret: string } | null;
}

/** What is signed. */
export interface OAuth1Request {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  /** Fields of a form body; they are signed too. */
  readonly form?: Readonly<Record<string, string>>;
  /** Protocol parameters beside the usual ones: `oauth_callback`, `oauth_verifier`. */
  readonly protocol?: Readonly<Record<string, string>>;
}

type Pair = readonly [name: string, value: string];

/**
 * The `Authorization` header of a request signed by HMAC-SHA1 (RFC 5849 §3.4.2, §3.5.1); `now` in milliseconds. The
 * nonce is new for each request.
 */
export function oauth1Authorization(
  request: OAuth1Request,
  credentials: OAuth1Credentials,
  now: number,
  nonce: string = randomToken(16),
): string {
  const { token, consumerKey, consumerSecret } = credentials;
  const protocol: readonly Pair[] = [
    ["oauth_consumer_key", consumerKey],
    ...(token === null ? [] : ([["oauth_token", token.value]] as const)),
    ["oauth_signature_method", "HMAC-SHA1"],
    ["oauth_timestamp", String(Math.floor(now / 1000))],
    ["oauth_nonce", nonce],
    ...Object.entries(request.protocol ?? {}),
  ];
  const key = `${encode(consumerSecret)}&${encode(token?.secret ?? "")}`;
  const signature = createHmac("sha1", key).update(signatureBase(request, protocol)).digest("base64");
  const all: readonly Pair[] = [...protocol, ["oauth_signature", signature]];
  return `OAuth ${all.map(([name, value]) => `${encode(name)}="${encode(value)}"`).join(", ")}`;
}

/** The text that is signed (RFC 5849 §3.4.1). */
export function signatureBase(request: OAuth1Request, protocol: readonly Pair[]): string {
  const url = new URL(request.url);
  const parameters: readonly Pair[] = [
    ...url.searchParams,
    ...Object.entries(request.form ?? {}),
    ...protocol,
  ];
  const normalised = parameters
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  // The URL parser has already put scheme and host in lower case and left out a default port (§3.4.1.2).
  const address = `${url.origin}${url.pathname}`;
  return [request.method.toUpperCase(), address, normalised].map(encode).join("&");
}

// Encoded texts are ASCII, so code units are bytes (§3.4.1.3.2).
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Percent-encoding of everything but unreserved characters (§3.6). */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
