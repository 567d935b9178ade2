import type { TokenSet } from "../../model/token-set.ts";
import { readAnswer } from "../../oauth/answer.ts";
import { verifyIdToken } from "../../oauth/id-token.ts";
import type { JsonObject } from "../../oauth/json.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { Outbound } from "../../oauth/outbound.ts";
import { fetchUserInfo } from "../../oauth/userinfo.ts";
import type { ProviderDefinition, Sources } from "../definition.ts";
import type { StepContext } from "../hooks.ts";
import type { FinishInput } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { freshnessOf } from "./freshness.ts";
import { signatureCheck } from "./gateway.ts";
import { checkTenant, fitsTemplate } from "./issuer-template.ts";
import { runSteps } from "./run-steps.ts";
import { send } from "./send.ts";
import type { Server, Verification } from "./server.ts";
import { withToken } from "./with-token.ts";

export interface Identification {
  readonly definition: ProviderDefinition;
  readonly server: Server;
  readonly input: FinishInput;
  /** What is known so far. */
  readonly context: StepContext;
  /** `null` where there was no token request. */
  readonly tokens: TokenSet | null;
}

/** Finds out who has arrived: from the ID token, userinfo and the provider's own steps. @throws OAuthFailure */
export async function identify(what: Identification, deps: Deps): Promise<Sources> {
  const { server, definition, tokens } = what;
  const { verification } = server;
  const idToken =
    verification === null || tokens === null ? null : await readIdToken(what, tokens, verification, deps);
  const userInfo =
    verification !== null && idToken !== null && tokens !== null && wantsUserInfo(definition, server, idToken)
      ? await readUserInfo(what, tokens, verification, idToken, deps.outbound)
      : null;
  const { tokenResponse, callback } = what.context;
  const answers = await askSteps(what, { ...what.context, idToken }, deps);
  return { idToken, userInfo, answers, tokenResponse, callback };
}

/** The answers of the provider's own steps. @throws OAuthFailure */
export function askSteps(
  { definition, tokens }: Pick<Identification, "definition" | "tokens">,
  context: StepContext,
  deps: Deps,
): Promise<StepContext["answers"]> {
  return runSteps(definition.identity, context, (step, request) => {
    const { as, placement, read = {} } = step;
    const gateway = definition.signedGateway;
    return withToken(placement, tokens, deps.appToken, async (carried) => {
      const response = await send(request, { ...carried, gateway }, as, deps.outbound);
      return readAnswer(response, read, as, signatureCheck(gateway, as));
    });
  });
}

async function readIdToken(
  what: Identification,
  tokens: TokenSet,
  verification: Verification,
  { now }: Deps,
): Promise<JsonObject> {
  const { definition, input, context } = what;
  const { issuerTemplate } = definition;
  if (tokens.idToken === null)
    throw new OAuthFailure("provider_untrusted", "id_token_missing", { endpoint: "token" });
  const expected = {
    issuers: definition.idTokenIssuers,
    ...(issuerTemplate === undefined
      ? {}
      : { issuerFits: (claims: JsonObject) => fitsTemplate(issuerTemplate, claims) }),
    clientId: definition.clientId,
    nonce: definition.checks.nonce === false ? null : input.nonce,
    freshSince: freshnessOf(definition).authTime ? (input.freshSince ?? null) : null,
    accessToken: tokens.accessToken,
    code: context.code,
    state: input.state,
    algorithms: verification.algorithms,
  };
  const claims = await verifyIdToken(tokens.idToken, expected, verification.keys, now);
  if (issuerTemplate !== undefined) checkTenant(issuerTemplate, claims);
  checkCallbackIssuer(what, claims);
  return claims;
}

// With a template the callback could name any tenant: it must be that of the token (RFC 9207 §2.4).
function checkCallbackIssuer({ definition, input }: Identification, claims: JsonObject): void {
  const issuer = input.parameters.get("iss");
  if (definition.issuerTemplate === undefined || issuer === null || issuer === claims.iss) return;
  throw new OAuthFailure("callback_invalid", "issuer_mismatch");
}

function wantsUserInfo(definition: ProviderDefinition, server: Server, idToken: JsonObject): boolean {
  if (!hasUserInfo(definition, server)) return false;
  return definition.userInfo === "always" || idToken.email === undefined || idToken.name === undefined;
}

/** Whether there is a userinfo endpoint that may be asked. */
export function hasUserInfo({ userInfo }: ProviderDefinition, { userInfoEndpoint }: Server): boolean {
  return userInfoEndpoint !== null && userInfo !== "never";
}

export function readUserInfo(
  { definition, server }: Pick<Identification, "definition" | "server">,
  tokens: TokenSet,
  verification: Verification,
  idToken: JsonObject,
  outbound: Outbound,
): Promise<JsonObject> {
  const request = {
    endpoint: server.userInfoEndpoint ?? "",
    accessToken: tokens.accessToken,
    subject: String(idToken.sub),
    issuers: definition.issuerTemplate === undefined ? definition.idTokenIssuers : [String(idToken.iss)],
    clientId: definition.clientId,
    algorithms: verification.algorithms,
  };
  return fetchUserInfo(request, verification.keys, outbound);
}
