import type { TokenSet } from "../../model/token-set.ts";
import type { JsonObject } from "../../oauth/json.ts";
import type { OAuthFailure } from "../../oauth/oauth-failure.ts";
import type { IdentityStep, ProviderDefinition } from "../definition.ts";
import type { StepContext } from "../hooks.ts";
import type { LookAgainInput, LookAgainResult } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { idTokenClaims } from "./id-token-claims.ts";
import { askSteps, hasUserInfo, readUserInfo } from "./identify.ts";
import { membershipOf } from "./membership.ts";
import { mergeClaims } from "./oidc-profile.ts";
import type { Server } from "./server.ts";
import { toUserInfo } from "./user-info.ts";

/**
 * What the provider says of a person now, asked with the tokens of an earlier sign-in. Nobody is at the screen.
 * @throws OAuthFailure
 */
export async function lookAgain(
  definition: ProviderDefinition,
  server: Server,
  { tokens, redirectUri, isNew }: LookAgainInput,
  deps: Deps,
): Promise<LookAgainResult> {
  const { remembered } = tokens;
  const remembers = definition.lifecycle?.remembers ?? [];
  // Kept by a version that did not remember it.
  if (remembers.length > 0 && remembered === undefined)
    return { kind: "needs_a_sign_in", reason: "not_remembered" };
  const tokenResponse = remembered ?? null;

  const idToken = idTokenClaims(tokens.idToken);
  const userInfo = await askUserInfo(definition, server, tokens, idToken, deps);
  // What an old ID token said counts as far as nobody says anything newer.
  const claims = idToken === null || isNew ? idToken : mergeClaims(userInfo ?? {}, idToken);
  const context: StepContext = {
    ...contextWithoutCode(definition, redirectUri, deps.now()),
    tokenResponse,
    idToken: claims,
  };
  const answers = await askSteps({ definition, tokens }, context, deps);
  // Nobody has vouched for them: what is known would only be said once more.
  if (!isNew && userInfo === null && !hasAnswered(definition, answers))
    return { kind: "needs_a_sign_in", reason: "nothing_to_ask" };
  const sources = { idToken: claims, userInfo, answers, tokenResponse, callback: {} };

  const issuer = definition.issuerTemplate === undefined ? definition.issuer : String(claims?.iss ?? "");
  const told = toUserInfo(definition.profile(sources), issuer, definition.trustEmail ?? false);
  const refusal = definition.restrict(sources);
  if (refusal !== null) {
    // It may have been demanded only since they signed in.
    const isTold = remembers.every((name) => Object.hasOwn(remembered ?? {}, name));
    return { kind: isTold ? "left" : "needs_a_sign_in", reason: refusal };
  }
  const belongs = membershipOf({ definition, sources, context: { ...context, answers }, tokens }, deps);
  return { kind: "seen", userInfo: told, belongs };
}

/** Whether it was the person's own token that something went wrong with: others are asked for nobody in particular. */
export function isTheirs({ identity }: ProviderDefinition, { detail }: OAuthFailure): boolean {
  const step = identity.find(({ as }) => as === detail.endpoint);
  return step === undefined ? detail.endpoint === "userinfo" : carriesTheirs(step);
}

/** Whether a step has been answered that asked with the person's own token. */
function hasAnswered({ identity }: ProviderDefinition, answers: StepContext["answers"]): boolean {
  return identity.some((step) => carriesTheirs(step) && (answers[step.as] ?? null) !== null);
}

function carriesTheirs({ placement }: IdentityStep): boolean {
  return (placement?.token ?? "user") === "user";
}

async function askUserInfo(
  definition: ProviderDefinition,
  server: Server,
  tokens: TokenSet,
  idToken: JsonObject | null,
  { outbound }: Deps,
): Promise<JsonObject | null> {
  const { verification } = server;
  // Asked also where the ID token tells everything: it may be an old one.
  if (verification === null || idToken === null || !hasUserInfo(definition, server)) return null;
  return readUserInfo({ definition, server }, tokens, verification, idToken, outbound);
}

/** Whoever keeps tokens has had a token request, so no step needs the code any more. */
function contextWithoutCode(definition: ProviderDefinition, redirectUri: string, now: number): StepContext {
  return {
    clientId: definition.clientId,
    clientSecret: definition.clientSecret,
    code: "",
    redirectUri,
    tokenResponse: null,
    now,
    callback: {},
    idToken: null,
    answers: {},
  };
}
