import { exchangeCode } from "../../oauth/authorization-code.ts";
import { chooseClientAuthentication, clientAuthentication } from "../../oauth/client-authentication.ts";
import { mintSecret } from "../../oauth/minted-secret.ts";
import type { TokenAnswer } from "../../oauth/token-response.ts";
import type { ExchangeHook, ProviderDefinition } from "../definition.ts";
import type { StepContext } from "../hooks.ts";
import type { FinishInput } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { send } from "./send.ts";
import type { Server } from "./server.ts";
import { describeTokenRequest, readTokens } from "./token-request.ts";

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
  return readTokens(definition, response, deps.now());
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
    const grant = {
      grant_type: "authorization_code",
      code: context.code,
      redirect_uri: input.redirectUri,
      ...(definition.checks.pkce === "off" ? {} : { code_verifier: input.codeVerifier }),
    };
    const client = { definition, method, secret };
    const request = describeTokenRequest(server.tokenEndpoint, grant, client, tokenRequest ?? {});
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

/** The client secret, minted anew where the provider wants that; `null` = there is none. */
export async function secretOf(definition: ProviderDefinition, now: number): Promise<string | null> {
  const { mintedSecret } = definition;
  return mintedSecret === undefined ? definition.clientSecret() : mintSecret(mintedSecret, now);
}
