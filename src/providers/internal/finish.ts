import { readCallback } from "../../oauth/callback.ts";
import { attributesOf, inSpan } from "../../operation/spans.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { StepContext } from "../hooks.ts";
import type { FinishInput, FinishResult } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { exchange } from "./exchange.ts";
import { identify } from "./identify.ts";
import { couldBeIssuer } from "./issuer-template.ts";
import { membershipOf } from "./membership.ts";
import type { Server } from "./server.ts";
import { sessionThere } from "./session-there.ts";
import { toUserInfo } from "./user-info.ts";

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
    issuers: callbackIssuers(definition, input),
    cancelled: (parameters) => definition.callback.cancelled(parameters),
    state: input.state,
    issuerRequired: server.sendsIssuer,
  });
  if (callback.kind === "cancelled") return { kind: "cancelled" };
  const begun = contextOf(definition, input, callback.code, deps.now());

  // 2. The code becomes tokens.
  const told = attributesOf({ provider: definition.id });
  const answer = await inSpan("postern.token_exchange", told, () =>
    exchange({ definition, server, input, context: begun }, deps),
  );
  const tokens = answer?.tokens ?? null;
  const context = { ...begun, tokenResponse: answer?.others ?? null };

  // 3. Who is it?
  const sources = await inSpan("postern.userinfo", told, () =>
    identify({ definition, server, input, context, tokens }, deps),
  );
  const issuer =
    definition.issuerTemplate === undefined ? definition.issuer : String(sources.idToken?.iss ?? "");
  const userInfo = toUserInfo(definition.profile(sources), issuer, definition.trustEmail ?? false);

  // 4. May they come from here?
  const refusal = definition.restrict(sources);
  if (refusal !== null) return { kind: "failed", code: "not_allowed", reason: refusal, detail: {} };
  const known = { ...context, idToken: sources.idToken, answers: sources.answers };
  const belongs = membershipOf({ definition, sources, context: known, tokens }, deps);
  const there = sessionThere(definition, server, sources, tokens);
  return { kind: "arrived", userInfo, tokens, sessionThere: there, belongs };
}

function callbackIssuers(definition: ProviderDefinition, { parameters }: FinishInput): readonly string[] {
  const { issuerTemplate, callback } = definition;
  const issuer = parameters.get("iss");
  if (issuerTemplate === undefined || issuer === null) return callback.issuers;
  return couldBeIssuer(issuerTemplate, issuer) ? [issuer] : [];
}

/** What is known when the browser has come back. */
export function contextOf(
  definition: ProviderDefinition,
  input: FinishInput,
  code: string,
  now: number,
): StepContext {
  return {
    clientId: definition.clientId,
    clientSecret: definition.clientSecret,
    code,
    redirectUri: input.redirectUri,
    tokenResponse: null,
    now,
    callback: definition.callback.capture?.(input.parameters) ?? {},
    idToken: null,
    answers: {},
  };
}
