import type { TokenSet } from "../../model/token-set.ts";
import { chooseClientAuthentication } from "../../oauth/client-authentication.ts";
import { verifyIdToken } from "../../oauth/id-token.ts";
import type { JsonObject } from "../../oauth/json.ts";
import { OAuthFailure } from "../../oauth/oauth-failure.ts";
import { retryAfter } from "../../oauth/retry-after.ts";
import type { ProviderDefinition } from "../definition.ts";
import type { RefreshResult } from "../provider.ts";
import type { Deps } from "./deps.ts";
import { secretOf } from "./exchange.ts";
import { idTokenClaims } from "./id-token-claims.ts";
import { fitsTemplate } from "./issuer-template.ts";
import { send } from "./send.ts";
import type { Server } from "./server.ts";
import { describeTokenRequest, readTokens } from "./token-request.ts";

/** Whose tokens, and where the provider sends people back to. */
export interface Refreshing {
  readonly definition: ProviderDefinition;
  readonly server: Server;
  readonly tokens: TokenSet;
  readonly redirectUri: string;
}

/**
 * Uses a refresh token (RFC 6749 §6), once: it is never sent a second time by itself, since the first may have been
 * received. What the answer does not tell stays as it was. @throws OAuthFailure for what is no answer of the endpoint
 */
export async function refresh(what: Refreshing, deps: Deps): Promise<RefreshResult> {
  const response = await ask(what, deps);
  try {
    const { tokens } = await readTokens(what.definition, response, deps.now());
    const idToken = tokens.idToken === null ? null : await checkedIdToken(what, tokens, tokens.idToken, deps);
    return { kind: "refreshed", tokens: merged(what.tokens, { ...tokens, idToken }) };
  } catch (error) {
    if (!(error instanceof OAuthFailure)) throw error;
    const { code, reason, detail } = error;
    if (GONE.has(reason)) return { kind: "gone", reason, detail };
    return { kind: "failed", code, reason, detail, retryAfter: retryAfter(response.headers, deps.now()) };
  }
}

/**
 * `invalid_grant`, a person whom the provider no longer lets in, and an ID token that the provider has signed and that is
 * not this person's, or not for us: what such a grant brings is for somebody else, and will be the next time. A signature
 * that cannot be verified is none of these: keys may have changed, and whose word it is nobody knows.
 */
const GONE = new Set([
  "code_invalid",
  "user_not_allowed",
  "another_person",
  "issuer_mismatch",
  "audience_mismatch",
  "authorized_party_mismatch",
]);

async function ask({ definition, server, tokens, redirectUri }: Refreshing, deps: Deps): Promise<Response> {
  const hook = definition.lifecycle?.refresh;
  const own = typeof definition.tokenRequest === "function" ? {} : (definition.tokenRequest ?? {});
  const secret = await secretOf(definition, deps.now());
  const method = chooseClientAuthentication(
    definition.clientAuthentication,
    server.clientAuthentications,
    secret !== null,
  );
  const grant = {
    grant_type: "refresh_token",
    refresh_token: tokens.refreshToken ?? "",
    ...(hook?.redirectUri === true && { redirect_uri: redirectUri }),
  };
  const shape = { ...own, omit: [...(own.omit ?? []), ...(hook?.omit ?? [])] };
  const url = hook?.url ?? server.tokenEndpoint;
  const request = describeTokenRequest(url, grant, { definition, method, secret }, shape);
  return send(request, { token: null, gateway: definition.signedGateway }, "token", deps.outbound);
}

function merged(before: TokenSet, { remembered, ...after }: TokenSet): TokenSet {
  return {
    ...after,
    refreshToken: after.refreshToken ?? before.refreshToken,
    idToken: after.idToken ?? before.idToken,
    scope: after.scope ?? before.scope,
    ...(remembered !== undefined && rememberedOf(before, remembered)),
  };
}

/** An answer that says nothing of it does not make up for what a version before has not kept. */
function rememberedOf(
  { remembered: before }: TokenSet,
  after: NonNullable<TokenSet["remembered"]>,
): Pick<TokenSet, "remembered"> {
  if (before === undefined && Object.keys(after).length === 0) return {};
  return { remembered: { ...before, ...after } };
}

/**
 * The new ID token, or `null` when it cannot be checked now and the one before has to do: the refresh token is used up,
 * and what came in its place must not be thrown away because keys cannot be had, or a clock is wrong.
 */
async function checkedIdToken(
  what: Refreshing,
  after: TokenSet,
  idToken: string,
  deps: Deps,
): Promise<string | null> {
  try {
    await checkIdToken(what, { ...after, idToken }, deps);
    return idToken;
  } catch (error) {
    if (!(error instanceof OAuthFailure) || !isUndecided(error) || tellsOfAnother(what, idToken)) throw error;
    const { code, reason } = error;
    deps.log.warn(
      { provider: what.definition.id, code, reason },
      "The ID token of a refresh cannot be checked; the one before stays.",
    );
    return null;
  }
}

function isUndecided({ code, reason }: OAuthFailure): boolean {
  return code === "provider_unavailable" || code === "clock_skew" || reason === "unknown_key";
}

/** Nobody has vouched for what it says; that it says somebody else is enough not to go on with it. */
function tellsOfAnother({ tokens }: Refreshing, idToken: string): boolean {
  const known = idTokenClaims(tokens.idToken);
  if (known === null) return false;
  try {
    return idTokenClaims(idToken)?.sub !== known.sub;
  } catch {
    return true;
  }
}

/** It must be about the same person, from the same place (OpenID Connect Core §12.2). */
async function checkIdToken(
  { definition, server, tokens: before }: Refreshing,
  after: TokenSet & { readonly idToken: string },
  deps: Deps,
): Promise<void> {
  const { verification } = server;
  if (verification === null) return;
  const { issuerTemplate } = definition;
  const expected = {
    issuers: definition.idTokenIssuers,
    ...(issuerTemplate !== undefined && {
      issuerFits: (claims: JsonObject) => fitsTemplate(issuerTemplate, claims),
    }),
    clientId: definition.clientId,
    nonce: null,
    accessToken: after.accessToken,
    code: null,
    state: null,
    algorithms: verification.algorithms,
  };
  const claims = await verifyIdToken(after.idToken, expected, verification.keys, deps.now);
  const known = idTokenClaims(before.idToken);
  if (known === null) return;
  // One issuer may have two spellings; with a tenant in it, another one is another place.
  const sameIssuer = claims.iss === known.iss || issuerTemplate === undefined;
  if (claims.sub !== known.sub || !sameIssuer)
    throw new OAuthFailure("provider_untrusted", "another_person", { endpoint: "token" });
}
