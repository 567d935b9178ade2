import { OAuthFailure } from "./oauth-failure.ts";
import type { Outbound } from "./outbound.ts";

const MAX_BYTES = 256 * 1024;

export interface ResourceRequest {
  readonly accessToken: string;
  /** What is asked, for the administrator: `userinfo`, `emails`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks with an access token in the header (RFC 6750 §2.1). @throws OAuthFailure unless the answer is 200 */
export async function fetchResource(
  outbound: Outbound,
  url: string,
  request: ResourceRequest,
): Promise<Response> {
  const { accessToken, endpoint, headers } = request;
  const response = await outbound.fetch(url, {
    headers: { accept: "application/json", ...headers, authorization: `Bearer ${accessToken}` },
    maxBytes: MAX_BYTES,
    endpoint,
  });
  if (response.status === 200) return response;
  throw statusFailure(response.status, endpoint);
}

/** What a status other than 200 means when nothing more is known. */
export function statusFailure(status: number, endpoint: string): OAuthFailure {
  const detail = { endpoint, status };
  if (status === 429) return new OAuthFailure("provider_unavailable", "rate_limited", detail);
  if (status >= 500) return new OAuthFailure("provider_unavailable", "server_error", detail);
  if (status >= 400) return new OAuthFailure("provider_rejected", "refused", detail);
  return new OAuthFailure("provider_untrusted", "unexpected_status", detail);
}
