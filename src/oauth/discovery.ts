import { allowInsecureRequests, customFetch, discoveryRequest } from "oauth4webapi";
import { endpointFault } from "./endpoint-url.ts";
import { isOutage } from "./is-outage.ts";
import { type JsonObject, readJsonObject } from "./json.ts";
import { OAuthFailure } from "./oauth-failure.ts";
import type { Outbound } from "./outbound.ts";
import { maxAgeOf, type RemoteDocument, remoteDocument } from "./remote-document.ts";

/** What an OpenID provider tells about itself, checked (OpenID Connect Discovery §3). */
export interface ServerMetadata {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly userInfoEndpoint: string | null;
  /** RFC 7009. */
  readonly revocationEndpoint: string | null;
  /** OpenID Connect RP-Initiated Logout §2.1. */
  readonly endSessionEndpoint: string | null;
  /** It tells of sessions that end (OpenID Connect Back-Channel Logout §2.1). */
  readonly backChannelLogout: boolean;
  /** Ways to prove the client, `null` when not told. */
  readonly clientAuthentications: readonly string[] | null;
  /** Algorithms of its ID tokens, `null` when not told. */
  readonly idTokenAlgorithms: readonly string[] | null;
  /** It promises `iss` in every callback (RFC 9207 §3). */
  readonly sendsIssuer: boolean;
}

const MAX_BYTES = 1024 * 1024;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIFETIME = { usual: HOUR, shortest: 5 * MINUTE, longest: 24 * HOUR, stale: 24 * HOUR };

/** What is to be discovered. */
export interface DiscoveryTarget {
  /** As the document must write it. */
  readonly issuer: string;
  /** Where the document is; `null` = below the issuer. */
  readonly url: string | null;
  /** Members that win over the document, by their wire name; `null` = the place has none. */
  readonly overrides: Readonly<Record<string, string | null>>;
}

/** The metadata of an issuer: fetched once for everybody, checked before it is kept. */
export function discoverServer(
  target: DiscoveryTarget,
  deps: { readonly outbound: Outbound; readonly now: () => number },
): RemoteDocument<ServerMetadata> {
  return remoteDocument(() => fetchMetadata(target, deps.outbound), LIFETIME, deps.now);
}

async function fetchMetadata({ issuer, url, overrides }: DiscoveryTarget, outbound: Outbound) {
  const fetchDocument = (address: string, headers: Readonly<Record<string, string>>) =>
    outbound.fetch(address, { headers, maxBytes: MAX_BYTES, endpoint: "discovery", idempotent: true });
  const response =
    url !== null
      ? await fetchDocument(url, { accept: "application/json" })
      : await discoveryRequest(new URL(issuer), {
          // Whether http is fine is decided by the outbound client, host by host.
          [allowInsecureRequests]: true,
          [customFetch]: (address, { headers }) => fetchDocument(address, headers),
        });
  if (response.status !== 200) {
    const code = isOutage(response.status) ? "provider_unavailable" : "provider_untrusted";
    throw new OAuthFailure(code, "discovery_status", { endpoint: "discovery", status: response.status });
  }
  const body = await readJsonObject(response, "discovery");
  return { value: checkMetadata({ ...body, ...overrides }, issuer), maxAge: maxAgeOf(response) };
}

/** Takes a discovery document apart. @throws OAuthFailure `issuer_mismatch`, `metadata_invalid` */
export function checkMetadata(body: JsonObject, issuer: string): ServerMetadata {
  // Compared as it stands, without any normalising (Discovery §4.3): that is what keeps two issuers apart.
  if (body.issuer !== issuer) {
    throw new OAuthFailure("provider_untrusted", "issuer_mismatch", {
      endpoint: "discovery",
      configured: issuer,
      ...announcedIssuer(body.issuer),
    });
  }
  return {
    issuer,
    authorizationEndpoint: required(
      endpoint(body, "authorization_endpoint", issuer),
      "authorization_endpoint",
    ),
    tokenEndpoint: required(endpoint(body, "token_endpoint", issuer), "token_endpoint"),
    jwksUri: required(endpoint(body, "jwks_uri", issuer), "jwks_uri"),
    userInfoEndpoint: endpoint(body, "userinfo_endpoint", issuer),
    revocationEndpoint: convenience(body, "revocation_endpoint", issuer),
    endSessionEndpoint: convenience(body, "end_session_endpoint", issuer),
    backChannelLogout: body.backchannel_logout_supported === true,
    clientAuthentications: words(body, "token_endpoint_auth_methods_supported"),
    idTokenAlgorithms: words(body, "id_token_signing_alg_values_supported"),
    sendsIssuer: flag(body, "authorization_response_iss_parameter_supported"),
  };
}

// The usual mistake is a slash too many; showing what the provider calls itself mends it.
function announcedIssuer(value: unknown): { readonly announced?: string } {
  if (typeof value !== "string" || value.length > 255 || endpointFault(value) !== null) return {};
  return { announced: value };
}

function endpoint(body: JsonObject, member: string, issuer: string): string | null {
  const value = body[member];
  if (value === undefined || value === null) return null;
  if (typeof value !== "string" || endpointFault(value) !== null) throw invalid(member);
  // Plain http is for a provider on this machine, and such a one is plain http altogether.
  if (value.startsWith("http:") && !issuer.startsWith("http:")) throw invalid(member);
  return value;
}

// Not needed to sign in, so a wrong one is none.
function convenience(body: JsonObject, member: string, issuer: string): string | null {
  try {
    return endpoint(body, member, issuer);
  } catch {
    return null;
  }
}

function required<T>(value: T | null, member: string): T {
  if (value === null) throw invalid(member);
  return value;
}

function words(body: JsonObject, member: string): readonly string[] | null {
  const value = body[member];
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === "string")) throw invalid(member);
  return value;
}

function flag(body: JsonObject, member: string): boolean {
  const value = body[member] ?? false;
  if (typeof value !== "boolean") throw invalid(member);
  return value;
}

function invalid(member: string): OAuthFailure {
  return new OAuthFailure("provider_untrusted", "metadata_invalid", { endpoint: "discovery", member });
}
