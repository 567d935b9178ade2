import type { Handler, RehearsalContext } from "../context.ts";
import { ACCESS_TOKEN_SECONDS, type Grant } from "../grants.ts";
import { issueAccessToken, issueRefreshToken } from "../issue-token.ts";
import { membershipsOf } from "../personas.ts";
import { matchesChallenge } from "../pkce.ts";
import { json } from "../responses.ts";
import { type CodeRefusal, provesItself, spendCode } from "../spend-code.ts";
import { textOf } from "../text-of.ts";
import { tokenFailure } from "./answers.ts";

/** `POST …/authen/v2/oauth/token` with JSON or a form; id and secret in the body, and nowhere else. */
export const token: Handler = (context, call) => {
  const given = (name: string) => textOf(call.json, name) ?? call.form.get(name);
  if (call.request.headers.has("authorization")) {
    return tokenFailure(20070, "invalid_request", "Multiple authentication methods were used.");
  }
  const clientId = given("client_id");
  if (!provesItself(context, clientId, given("client_secret"))) {
    return tokenFailure(20002, "invalid_client", "The client secret is invalid.");
  }
  switch (given("grant_type")) {
    case "authorization_code":
      return exchange(context, clientId, given);
    case "refresh_token":
      return refresh(context, clientId, given("refresh_token") ?? "");
    default:
      return tokenFailure(20036, "unsupported_grant_type", "The specified grant_type is not supported.");
  }
};

type Given = (name: string) => string | null;

function exchange(context: RehearsalContext, clientId: string, given: Given): Response {
  const code = given("code");
  if (code === null) return tokenFailure(20001, "invalid_request", "code is missing.");
  const redirectUri = given("redirect_uri") ?? undefined;
  const grant = spendCode(context, { flavour: "envelope", clientId, code, redirectUri });
  if (typeof grant === "string") return REFUSALS[grant]();
  if (!provesPossession(grant, given("code_verifier"))) return REFUSALS.verifier();
  const persona = context.people.find(grant.personaId);
  if (persona === null || membershipsOf(persona).company !== "demo") {
    return tokenFailure(20010, "access_denied", "The user does not have permission to use this app.");
  }
  return tokens(context, grant);
}

const REFUSALS: Readonly<Record<CodeRefusal, () => Response>> = {
  code: () =>
    tokenFailure(20065, "invalid_grant", "The authorization code was used, has ended or is unknown."),
  client: () => tokenFailure(20024, "invalid_grant", "The code does not match the client_id."),
  redirect: () => tokenFailure(20071, "invalid_grant", "The redirect_uri does not match."),
  verifier: () => tokenFailure(20049, "invalid_grant", "PKCE check failed."),
};

/** Without a method the challenge is the verifier itself (RFC 7636 §4.3). */
function provesPossession({ codeChallenge, asked }: Grant, verifier: string | null): boolean {
  return asked.code_challenge_method === "S256"
    ? matchesChallenge(verifier, codeChallenge)
    : verifier === codeChallenge;
}

function refresh(context: RehearsalContext, clientId: string, refreshToken: string): Response {
  const grant = context.grants.spendRefreshToken(refreshToken);
  return grant === null || grant.flavour !== "envelope" || grant.clientId !== clientId
    ? tokenFailure(20073, "invalid_grant", "The refresh token was used, has ended or is unknown.")
    : tokens(context, grant);
}

function tokens(context: RehearsalContext, grant: Grant): Response {
  return json({
    code: 0,
    access_token: issueAccessToken(context, grant, "eyJ-rehearsal-"),
    expires_in: ACCESS_TOKEN_SECONDS.envelope,
    ...(grant.scope.includes("offline_access") && {
      refresh_token: issueRefreshToken(context, grant, "eyJ-rehearsal-refresh-"),
      refresh_token_expires_in: 604_800,
    }),
    scope: grant.scope.join(" "),
    token_type: "Bearer",
  });
}
