import type { TokenSet } from "../../model/token-set.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import { oauth1Authorization } from "../../oauth/oauth1-signature.ts";
import { retryAfter } from "../../oauth/retry-after.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { ApiHook } from "../hooks.ts";
import type { ApiRequest, ApiResult, ProviderApiDoor } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { nextLink } from "./next-page.ts";

/** How many redirects within the API are followed. */
const MOST_REDIRECTS = 3;

/** The way to a provider's API: addresses that belong to it, the token in its place, and nothing followed elsewhere. */
export function apiDoor(definition: ProviderDefinition, hook: ApiHook, deps: Deps): ProviderApiDoor {
  const base = hook.baseUrl.replace(/\/+$/, "");
  const origins = new Set([base, ...(hook.origins ?? [])].map((address) => URL.parse(address)?.origin));

  async function follow(request: ApiRequest, tokens: TokenSet): Promise<Response> {
    let { url } = request;
    for (let redirects = 0; ; redirects++) {
      const response = await sendOnce(definition, hook, { ...request, url }, tokens, deps);
      const next = redirects < MOST_REDIRECTS ? redirectWithin(request, url, response) : null;
      if (next === null) return response;
      url = next;
    }
  }

  return {
    resolve(path) {
      const absolute = URL.parse(String(path));
      if (absolute === null) return below(base, String(path));
      const plain = absolute.username === "" && absolute.password === "";
      if (plain && origins.has(absolute.origin)) return absolute;
      throw new TypeError(`${absolute.origin} does not belong to the API of ${definition.id}.`);
    },

    async send(request, tokens) {
      try {
        const response = await follow(request, tokens);
        return { kind: "answered", response, limited: limitOf(response, deps.now()) };
      } catch (error) {
        if (!(error instanceof OAuthFailure)) throw error;
        const { code, reason, detail } = error;
        return { kind: "failed", code, reason, detail };
      }
    },

    nextPage(body, response, url) {
      const { paging = "link" } = hook;
      return paging === "link" ? nextLink(response.headers.get("link"), url.href) : paging(body, url);
    },
  };
}

/** Put behind the base and not resolved against it, so that no spelling leads to another host. */
function below(base: string, path: string): URL {
  const url = URL.parse(`${base}/${path.replace(/^\/+/, "")}`);
  const root = new URL(base);
  const inside = `${url?.pathname}/`.startsWith(`${root.pathname.replace(/\/+$/, "")}/`);
  if (url !== null && url.origin === root.origin && inside) return url;
  throw new TypeError("The path leads out of the API.");
}

/** Only for reading, and only within one origin: anything else is for the caller to judge. */
function redirectWithin({ method }: ApiRequest, url: URL, response: Response): URL | null {
  if (!["GET", "HEAD"].includes(method) || ![301, 302, 303, 307, 308].includes(response.status)) return null;
  const next = URL.parse(response.headers.get("location") ?? "", url.href);
  const plain = next !== null && next.username === "" && next.password === "";
  return plain && next.origin === url.origin ? next : null;
}

/** What a caller may not say: it is ours, or about the connection. */
const NOT_THE_CALLERS = [
  "authorization",
  "cookie",
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
];

async function sendOnce(
  definition: ProviderDefinition,
  hook: ApiHook,
  request: ApiRequest,
  tokens: TokenSet,
  { outbound, now }: Deps,
): Promise<Response> {
  const { method, body, maxBytes, timeout, signal } = request;
  const headers = new Headers({ accept: "application/json", ...hook.headers });
  for (const [name, value] of request.headers) headers.set(name, value);
  for (const name of NOT_THE_CALLERS) headers.delete(name);
  const url = new URL(request.url);
  url.hash = "";
  if (definition.kind === "oauth1") {
    headers.set("authorization", signature(definition, { ...request, url }, tokens, now()));
  } else {
    place(hook.tokenIn ?? "bearer", tokens.accessToken, url, headers);
  }
  return outbound.fetch(url, {
    method,
    headers: Object.fromEntries(headers),
    body: body ?? undefined,
    maxBytes,
    timeout,
    ...(signal !== null && { signal }),
    answer: "whole",
    endpoint: "api",
    circuit: "api",
  });
}

function place(where: NonNullable<ApiHook["tokenIn"]>, token: string, url: URL, headers: Headers): void {
  if (where === "bearer") headers.set("authorization", `Bearer ${token}`);
  else if ("header" in where) headers.set(where.header, token);
  else url.searchParams.set(where.query, token);
}

/** Fields of a form are signed too (RFC 5849 §3.4.1.3.1); no other body is. */
function signature(
  { clientId, clientSecret }: ProviderDefinition,
  { method, url, headers, body }: ApiRequest,
  { accessToken }: TokenSet,
  now: number,
): string {
  const isForm = headers.get("content-type")?.startsWith("application/x-www-form-urlencoded") === true;
  const kept = new URLSearchParams(accessToken);
  const token = { value: kept.get("oauth_token") ?? "", secret: kept.get("oauth_token_secret") ?? "" };
  const form = isForm && body !== null ? new URLSearchParams(Buffer.from(body).toString()) : null;
  return oauth1Authorization(
    { method, url: url.href, ...(form !== null && { form: Object.fromEntries(form) }) },
    { consumerKey: clientId, consumerSecret: clientSecret() ?? "", token },
    now,
  );
}

/** 429, and what some say with 403 or 503 instead: with a time to wait, or with a limit that is used up. */
function limitOf(response: Response, now: number): Extract<ApiResult, { kind: "answered" }>["limited"] {
  const wait = retryAfter(response.headers, now);
  if (response.status === 429) return { retryAfter: wait };
  return wait !== null && [403, 503].includes(response.status) ? { retryAfter: wait } : null;
}
