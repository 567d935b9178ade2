import { type JsonObject, mediaType, readJsonObject } from "./json.ts";
import type { KeySet } from "./key-set.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import type { Outbound } from "./outbound.ts";
import { fetchResource } from "./resource.ts";
import type { SignatureAlgorithm } from "./signature-algorithms.ts";
import { verifySignature } from "./signed-token.ts";

export interface UserInfoRequest {
  readonly endpoint: string;
  readonly accessToken: string;
  /** `sub` of the ID token. */
  readonly subject: string;
  readonly issuers: readonly string[];
  readonly clientId: string;
  readonly algorithms: readonly SignatureAlgorithm[];
}

/**
 * Asks the userinfo endpoint (OpenID Connect Core §5.3), plain or signed. Its `sub` must be that of the ID token,
 * otherwise nothing of it is used. @throws OAuthFailure `userinfo_subject_mismatch` and as reading and verifying do
 */
export async function fetchUserInfo(
  request: UserInfoRequest,
  keys: KeySet,
  outbound: Outbound,
): Promise<JsonObject> {
  const response = await fetchResource(outbound, request.endpoint, {
    accessToken: request.accessToken,
    endpoint: "userinfo",
    headers: { accept: "application/json, application/jwt" },
  });
  const signed = mediaType(response) === "application/jwt";
  const claims = signed
    ? await readSigned(await response.text(), request, keys)
    : await readJsonObject(response, "userinfo");
  if (claims.sub !== request.subject) {
    throw new OAuthFailure("provider_untrusted", "userinfo_subject_mismatch", { endpoint: "userinfo" });
  }
  return claims;
}

// §5.3.2: a signed answer should name its issuer and audience; what it names must be right.
async function readSigned(token: string, request: UserInfoRequest, keys: KeySet): Promise<JsonObject> {
  const { claims } = await verifySignature(token, keys, request.algorithms);
  const audience = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  if (claims.iss !== undefined && !request.issuers.some((issuer) => issuer === claims.iss)) {
    throw new OAuthFailure("provider_untrusted", "issuer_mismatch", { endpoint: "userinfo" });
  }
  if (claims.aud !== undefined && !audience.includes(request.clientId)) {
    throw new OAuthFailure("provider_untrusted", "audience_mismatch", { endpoint: "userinfo" });
  }
  return claims;
}
