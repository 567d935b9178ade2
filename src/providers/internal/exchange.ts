import { exchangeCode } from "../../oauth/authorization-code.ts";
import {
  basicAuthorization,
  type ClientAuthenticationMethod,
  chooseClientAuthentication,
  clientAuthentication,
} from "../../oauth/client-authentication.ts";
import { mintSecret } from "../../oauth/minted-secret.ts";
import { readTokenResponse, type TokenAnswer } from "../../oauth/token-response.ts";
import type { ExchangeHook, ProviderDefinition } from "../definition.ts";
import type { RequestDescription, StepContext, TokenRequestHook } from "../hooks.ts";
import type { FinishInput } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { signatureCheck } from "./gateway.ts";
import { send } from "./send.ts";
import type { Server } from "./server.ts";

interface Exchange {
  readonly definition: ProviderDefinition;
  readonly server: Server;
  readonly input: FinishInput;
  readonly context: StepContext;
}

/** The code becomes tokens, in one request (RFC 6749 §4.1.3) or none: then `null`. @throws OAuthFailure */
export async function exchange(what: Exchange, deps: Deps): Promise<TokenAnswer | null> {
  const { definition } = what;
  if (definition.exchange === "none") return null;
  const response = await ask(what, definition.exchange, deps);
  const { read, tokenFields, tokenType, signedGateway } = definition;
  const reading = {
    ...read,
    // Called on the hook itself, so that a method keeps its `this`.
    error: (body: Readonly<Record<string, unknown>>) => read.error(body),
    fields: tokenFields ?? {},
    tokenTypeOptional: tokenType === "optional",
  };
  return readTokenResponse(response, reading, deps.now(), signatureCheck(signedGateway, "token"));
}

async function ask(what: Exchange, { headers, parameters }: ExchangeHook, deps: Deps): Promise<Response> {
  const { definition, server, input, context } = what;
  const { tokenRequest, signedGateway: gateway } = definition;
  if (typeof tokenRequest === "function") {
    return send(tokenRequest(context), { token: null, gateway }, "token", deps.outbound);
  }
  const secret = await secretOf(definition, deps.now());
  const method = chooseClientAuthentication(
    definition.clientAuthentication,
    server.clientAuthentications,
    secret !== null,
  );
  if (tokenRequest !== undefined || gateway !== undefined) {
    const request = describe(what, { headers, parameters }, tokenRequest ?? {}, method, secret);
    return send(request, { token: null, gateway }, "token", deps.outbound);
  }
  return exchangeCode(
    {
      issuer: definition.issuer,
      tokenEndpoint: server.tokenEndpoint,
      clientId: definition.clientId,
      clientAuthentication: clientAuthentication(method, secret),
      redirectUri: input.redirectUri,
      code: context.code,
      state: input.state,
      codeVerifier: definition.checks.pkce === "off" ? null : input.codeVerifier,
      headers,
      extra: parameters,
    },
    deps.outbound,
  );
}

async function secretOf(definition: ProviderDefinition, now: number): Promise<string | null> {
  const { mintedSecret } = definition;
  return mintedSecret === undefined ? definition.clientSecret() : mintSecret(mintedSecret, now);
}

/** The token request where its shape is not that of the RFC. */
function describe(
  { definition, server, input, context }: Exchange,
  extra: ExchangeHook,
  { body = "form", rename = {}, omit = [] }: TokenRequestHook,
  method: ClientAuthenticationMethod,
  secret: string | null,
): RequestDescription {
  const basic = method === "client_secret_basic" && secret !== null;
  const protocol: Readonly<Record<string, string>> = {
    grant_type: "authorization_code",
    code: context.code,
    redirect_uri: input.redirectUri,
    ...(basic ? {} : { client_id: definition.clientId }),
    ...(basic || secret === null ? {} : { client_secret: secret }),
    ...(definition.checks.pkce === "off" ? {} : { code_verifier: input.codeVerifier }),
  };
  const renamed = Object.entries(protocol)
    .filter(([name]) => !omit.includes(name))
    .map(([name, value]) => [rename[name] ?? name, value]);
  const parameters = { ...extra.parameters, ...Object.fromEntries(renamed) };
  const headers = basic
    ? { ...extra.headers, authorization: basicAuthorization(definition.clientId, secret) }
    : extra.headers;
  if (body === "query") return { url: server.tokenEndpoint, headers, query: parameters };
  const content = body === "json" ? { json: parameters } : { form: parameters };
  return { method: "POST", url: server.tokenEndpoint, headers, body: content };
}
