import { hash } from "node:crypto";
import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type ClientAuth,
  customFetch,
  nopkce,
  validateAuthResponse,
} from "oauth4webapi";
import type { Outbound } from "./outbound.ts";

export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Joined as the provider wants it; empty = not sent. */
  readonly scope: string;
  readonly state: string;
  /** `null` = not sent. */
  readonly nonce: string | null;
  /** `null` = no PKCE. */
  readonly codeVerifier: string | null;
  readonly extra: Readonly<Record<string, string>>;
  /** The protocol's name of a parameter → the provider's. */
  readonly rename?: Readonly<Record<string, string>> | undefined;
  /** Parameters of the protocol that are not sent; state and redirect URI always are. */
  readonly omit?: readonly string[] | undefined;
  /** Without the `#`. */
  readonly fragment?: string | undefined;
  /** Default `%20`, which is read everywhere. */
  readonly encodeSpace?: "%20" | "+" | undefined;
  /** `null` = not sent. */
  readonly responseMode?: string | null;
}

/** The address to send the browser to (RFC 6749 §4.1.1, RFC 7636 §4.3). Extras never replace the protocol's own. */
export function authorizationUrl(endpoint: string, request: AuthorizationRequest): URL {
  const url = new URL(endpoint);
  const parameters = url.searchParams;
  for (const [name, value] of Object.entries(request.extra)) parameters.set(name, value);
  for (const [name, value] of Object.entries(protocolParameters(request))) {
    if (request.omit?.includes(name) === true && !NEVER_OMITTED.has(name)) continue;
    parameters.set(request.rename?.[name] ?? name, value);
  }
  // A space as %20 is read everywhere, a space as + is not.
  const query = parameters.toString();
  url.search = request.encodeSpace === "+" ? query : query.replaceAll("+", "%20");
  if (request.fragment !== undefined) url.hash = request.fragment;
  return url;
}

// Without these nobody could tell whose callback it is.
const NEVER_OMITTED = new Set(["state", "redirect_uri"]);

function protocolParameters(request: AuthorizationRequest): Readonly<Record<string, string>> {
  const { scope, nonce, codeVerifier, responseMode = null } = request;
  return {
    response_type: "code",
    ...(responseMode === null ? {} : { response_mode: responseMode }),
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    ...(scope === "" ? {} : { scope }),
    state: request.state,
    ...(nonce === null ? {} : { nonce }),
    ...(codeVerifier === null ? {} : pkce(codeVerifier)),
  };
}

function pkce(codeVerifier: string): Readonly<Record<string, string>> {
  return {
    code_challenge: hash("sha256", codeVerifier, "base64url"),
    code_challenge_method: "S256",
  };
}

export interface CodeExchange {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientAuthentication: ClientAuth;
  readonly redirectUri: string;
  readonly code: string;
  readonly state: string;
  /** `null` = no PKCE. */
  readonly codeVerifier: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, string>>;
}

const MAX_BYTES = 256 * 1024;

/** Sends the code to the token endpoint (RFC 6749 §4.1.3), once: a code is good for one attempt. */
export function exchangeCode(exchange: CodeExchange, outbound: Outbound): Promise<Response> {
  const server = { issuer: exchange.issuer, token_endpoint: exchange.tokenEndpoint };
  const client = { client_id: exchange.clientId };
  // The callback is judged by `readCallback`; the library wants to see code and state itself.
  const callback = new URLSearchParams({ code: exchange.code, state: exchange.state });
  return authorizationCodeGrantRequest(
    server,
    client,
    exchange.clientAuthentication,
    validateAuthResponse(server, client, callback, exchange.state),
    exchange.redirectUri,
    exchange.codeVerifier ?? nopkce,
    {
      additionalParameters: { ...exchange.extra },
      headers: { ...exchange.headers },
      // Whether http is fine is decided by the outbound client, host by host.
      [allowInsecureRequests]: true,
      [customFetch]: (url, { method, headers, body }) =>
        outbound.fetch(url, { method, headers, body, maxBytes: MAX_BYTES, endpoint: "token" }),
    },
  );
}
