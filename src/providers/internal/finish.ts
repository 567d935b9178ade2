import { exchangeCode } from "../../oauth/authorization-code.ts";
import { readCallback } from "../../oauth/callback.ts";
import { chooseClientAuthentication, clientAuthentication } from "../../oauth/client-authentication.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import { readTokenResponse } from "../../oauth/token-response.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { FinishInput, FinishResult } from "../provider.ts";
import { identify } from "./identify.ts";
import type { Server } from "./server.ts";
import { toUserInfo } from "./user-info.ts";

interface Deps {
  readonly outbound: Outbound;
  readonly now: () => number;
}

/** The way from the callback to a person, step by step. @throws OAuthFailure */
export async function finish(
  definition: ProviderDefinition,
  server: Server,
  input: FinishInput,
  deps: Deps,
): Promise<FinishResult> {
  // 1. What did the browser bring?
  const callback = readCallback(input.parameters, {
    ...definition.callback,
    cancelled: (parameters) => definition.callback.cancelled(parameters),
    state: input.state,
    issuerRequired: server.sendsIssuer,
  });
  if (callback.kind === "cancelled") return { kind: "cancelled" };

  // 2. The code becomes tokens.
  const response = await exchange(definition, server, input, callback.code, deps.outbound);
  const tokens = await readTokenResponse(response, definition.read, deps.now());

  // 3. Who is it?
  const sources = await identify({ definition, server, input, code: callback.code, tokens }, deps);
  const userInfo = toUserInfo(definition.profile(sources), definition.issuer);

  // 4. May they come from here?
  const refusal = definition.restrict(sources);
  if (refusal !== null) return { kind: "failed", code: "not_allowed", reason: refusal, detail: {} };
  return { kind: "arrived", userInfo, tokens };
}

function exchange(
  definition: ProviderDefinition,
  server: Server,
  input: FinishInput,
  code: string,
  outbound: Outbound,
): Promise<Response> {
  const secret = definition.clientSecret();
  const method = chooseClientAuthentication(
    definition.clientAuthentication,
    server.clientAuthentications,
    secret !== null,
  );
  return exchangeCode(
    {
      issuer: definition.issuer,
      tokenEndpoint: server.tokenEndpoint,
      clientId: definition.clientId,
      clientAuthentication: clientAuthentication(method, secret),
      redirectUri: input.redirectUri,
      code,
      state: input.state,
      codeVerifier: definition.checks.pkce === "off" ? null : input.codeVerifier,
      headers: definition.exchange === "none" ? {} : definition.exchange.headers,
      extra: definition.exchange === "none" ? {} : definition.exchange.parameters,
    },
    outbound,
  );
}
