import type { ApiCall, ApiInit, PagesInit } from "./api-call.ts";
import { contentOf } from "./api-content.ts";
import { pagesOf } from "./api-pages.ts";
import { type ApiCaller, callApi } from "./call-api.ts";

/**
 * A provider's API on somebody's behalf: a `fetch` with their token, which leads nowhere else. Paths are below the API's
 * address, or absolute addresses of its hosts.
 *
 * Every call throws PosternError `token_gone` (they must sign in again) or `provider_unavailable` (with `retryAfter`,
 * also when the provider limits how often it may be asked), and TypeError for an address that is not the API's. Other
 * answers are answers, whatever their status; `json()` throws for those that are no success.
 */
export interface ProviderApi {
  (path: string | URL, init?: ApiInit): ApiCall;
  get(path: string | URL, init?: ApiInit): ApiCall;
  /** With `json` as its content; `undefined` = none. */
  post(path: string | URL, json?: unknown, init?: ApiInit): ApiCall;
  put(path: string | URL, json?: unknown, init?: ApiInit): ApiCall;
  patch(path: string | URL, json?: unknown, init?: ApiInit): ApiCall;
  delete(path: string | URL, init?: ApiInit): ApiCall;
  /** The contents of a list's pages, one after the other: `for await (const page of api.pages("/user/repos"))`. */
  pages<Page = unknown>(path: string | URL, init?: PagesInit<Page>): AsyncIterable<Page>;
}

/** Binds the API of a provider to a person. */
export function providerApi(caller: ApiCaller): ProviderApi {
  const call = (path: string | URL, init: ApiInit = {}): ApiCall => withJson(callApi(caller, path, init));
  const sending =
    (method: string) =>
    (path: string | URL, json?: unknown, init: ApiInit = {}) =>
      call(path, { ...init, method, ...(json === undefined ? {} : jsonBody(json, init.headers)) });
  return Object.assign(call, {
    get: (path: string | URL, init: ApiInit = {}) => call(path, { ...init, method: "GET" }),
    post: sending("POST"),
    put: sending("PUT"),
    patch: sending("PATCH"),
    delete: (path: string | URL, init: ApiInit = {}) => call(path, { ...init, method: "DELETE" }),
    pages: <Page>(path: string | URL, init: PagesInit<Page> = {}) => pagesOf<Page>(caller, path, init),
  });
}

function withJson(answer: Promise<Response>): ApiCall {
  return Object.assign(answer, {
    json: async <Content>() => (await contentOf(await answer)) as Content,
  });
}

function jsonBody(json: unknown, given: ApiInit["headers"]): Pick<ApiInit, "body" | "headers"> {
  const headers = new Headers(given);
  if (!headers.has("content-type")) headers.set("content-type", "application/json");
  return { body: JSON.stringify(json), headers };
}
