import { PosternError } from "../errors.ts";
import type { TokenSet } from "../model/token-set.ts";
import { attributesOf, inSpan } from "../operation/spans.ts";
import type { ApiRequest, ProviderApiDoor } from "../providers/provider.ts";
import type { ApiInit } from "./api-call.ts";
import type { TokenBroker } from "./token-broker.ts";

/** Who calls which API. */
export interface ApiCaller {
  readonly api: ProviderApiDoor;
  readonly broker: TokenBroker;
  readonly userId: string;
  /** Provider instance id. */
  readonly provider: string;
}

/**
 * One call with a token that is valid; when it is refused all the same, once more with a refreshed one.
 * @throws PosternError, TypeError
 */
export async function callApi(caller: ApiCaller, path: string | URL, init: ApiInit): Promise<Response> {
  const request = await requestOf(caller.api.resolve(path), init);
  // Not the path, which may name people.
  const told = { "http.request.method": request.method, "server.address": request.url.hostname };
  return inSpan("postern.api_call", { ...attributesOf(caller), ...told }, async (note) => {
    const response = await call(caller, request);
    note({ "http.response.status_code": response.status });
    return response;
  });
}

async function call(caller: ApiCaller, request: ApiRequest): Promise<Response> {
  const tokens = await caller.broker.tokens(caller);
  const response = await send(caller, request, tokens);
  if (response.status !== 401) return response;
  const fresh = await refreshedAfter(caller, tokens);
  return fresh === null ? response : send(caller, request, fresh);
}

const MAX_BYTES = 10 * 1024 * 1024;
const TIMEOUT = 30_000;

/** Its body is read to the end, so that it can be sent again. */
async function requestOf(url: URL, init: ApiInit): Promise<ApiRequest> {
  const {
    method = "GET",
    headers,
    body = null,
    maxBytes = MAX_BYTES,
    timeout = TIMEOUT,
    signal = null,
  } = init;
  // Puts the content type that belongs to the body, such as the boundary of a form.
  const read = new Request("http://localhost/", { method, ...(headers && { headers }), body });
  return {
    method: read.method,
    url,
    headers: read.headers,
    body: body === null ? null : new Uint8Array(await read.arrayBuffer()),
    maxBytes,
    timeout,
    signal,
  };
}

async function send({ api, provider }: ApiCaller, request: ApiRequest, tokens: TokenSet): Promise<Response> {
  const result = await api.send(request, tokens);
  request.signal?.throwIfAborted();
  if (result.kind === "failed") {
    const { code, reason } = result;
    throw new PosternError(code, `The API of ${provider} could not be called.`, { reason });
  }
  if (result.limited === null) return result.response;
  throw new PosternError("provider_unavailable", `${provider} limits how often its API may be called.`, {
    reason: "rate_limited",
    retryAfter: result.limited.retryAfter,
  });
}

/** `null` = the token cannot be refreshed, or was a moment ago: then it is this answer that refuses, not the token. */
async function refreshedAfter({ broker, ...wanted }: ApiCaller, tokens: TokenSet): Promise<TokenSet | null> {
  try {
    return await broker.tokens({ ...wanted, refused: tokens.accessToken });
  } catch (error) {
    if (error instanceof PosternError && error.code === "token_gone" && error.reason === "refused")
      return null;
    throw error;
  }
}
