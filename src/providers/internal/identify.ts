import type { TokenSet } from "../../model/token-set.ts";
import { verifyIdToken } from "../../oauth/id-token.ts";
import { type JsonObject, readJson } from "../../oauth/json.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import { fetchResource } from "../../oauth/resource.ts";
import { fetchUserInfo } from "../../oauth/userinfo.ts";
import type { IdentityStep, ProviderDefinition, Sources } from "../definition.ts";
import type { FinishInput } from "../provider.ts";
import type { Server, Verification } from "./server.ts";

export interface Identification {
  readonly definition: ProviderDefinition;
  readonly server: Server;
  readonly input: FinishInput;
  readonly code: string;
  readonly tokens: TokenSet;
}

interface Deps {
  readonly outbound: Outbound;
  readonly now: () => number;
}

/** Finds out who has arrived: from the ID token, userinfo and the provider's own steps. @throws OAuthFailure */
export async function identify(what: Identification, deps: Deps): Promise<Sources> {
  const { server, definition, tokens } = what;
  const { verification } = server;
  const idToken = verification === null ? null : await readIdToken(what, verification, deps);
  const userInfo =
    verification !== null && idToken !== null && wantsUserInfo(definition, server, idToken)
      ? await readUserInfo(what, verification, idToken, deps.outbound)
      : null;
  const answers: Record<string, unknown> = {};
  for (const step of definition.identity) {
    answers[step.as] = await runStep(step, tokens.accessToken, deps.outbound);
  }
  return { idToken, userInfo, answers, tokenResponse: null, callback: {} };
}

function readIdToken(what: Identification, verification: Verification, { now }: Deps): Promise<JsonObject> {
  const { definition, input, code, tokens } = what;
  if (tokens.idToken === null)
    throw new OAuthFailure("provider_untrusted", "id_token_missing", { endpoint: "token" });
  const expected = {
    issuers: definition.idTokenIssuers,
    clientId: definition.clientId,
    nonce: input.nonce,
    accessToken: tokens.accessToken,
    code,
    state: input.state,
    algorithms: verification.algorithms,
  };
  return verifyIdToken(tokens.idToken, expected, verification.keys, now);
}

function wantsUserInfo(definition: ProviderDefinition, server: Server, idToken: JsonObject): boolean {
  if (server.userInfoEndpoint === null || definition.userInfo === "never") return false;
  return definition.userInfo === "always" || idToken.email === undefined || idToken.name === undefined;
}

function readUserInfo(
  { definition, server, tokens }: Identification,
  verification: Verification,
  idToken: JsonObject,
  outbound: Outbound,
): Promise<JsonObject> {
  const request = {
    endpoint: server.userInfoEndpoint ?? "",
    accessToken: tokens.accessToken,
    subject: String(idToken.sub),
    issuers: definition.idTokenIssuers,
    clientId: definition.clientId,
    algorithms: verification.algorithms,
  };
  return fetchUserInfo(request, verification.keys, outbound);
}

async function runStep(step: IdentityStep, accessToken: string, outbound: Outbound): Promise<unknown> {
  const { as, url = "", headers = {}, optional = false } = step;
  try {
    return await readJson(await fetchResource(outbound, url, { accessToken, endpoint: as, headers }), as);
  } catch (error) {
    // Refused means "not for this token"; an outage must not look like a person without an e-mail.
    if (optional && error instanceof OAuthFailure && error.code === "provider_rejected") return null;
    throw error;
  }
}
