import { randomBytes } from "node:crypto";
import type { Call, Handler, RehearsalContext } from "../context.ts";
import type { Grant } from "../grants.ts";
import { matchesChallenge } from "../pkce.ts";

type Answer = Readonly<Record<string, string>>;

/** GitHub's token endpoint: every error has status 200, and the answer is form-encoded unless JSON is asked for. */
export const githubAccessToken: Handler = (context, call) => {
  const grantOrError = spendCode(context, call);
  const answer = "error" in grantOrError ? grantOrError : issueToken(context, grantOrError);
  const wantsJson = (call.request.headers.get("accept") ?? "").includes("application/json");
  return new Response(wantsJson ? JSON.stringify(answer) : new URLSearchParams(answer).toString(), {
    headers: {
      "content-type": `application/${wantsJson ? "json" : "x-www-form-urlencoded"}; charset=utf-8`,
      "cache-control": "max-age=0, private, must-revalidate",
    },
  });
};

function spendCode({ clients, grants }: RehearsalContext, { form }: Call): Grant | { error: string } {
  const client = clients.find(form.get("client_id") ?? "");
  if (client === null || client.clientSecret !== form.get("client_secret")) {
    return failure("incorrect_client_credentials", "Client id or secret is wrong.");
  }
  const grant = grants.spendCode(form.get("code") ?? "");
  if (grant === null || grant.flavour !== "github" || grant.clientId !== client.clientId) {
    return failure("bad_verification_code", "The code is wrong, expired or used.");
  }
  if ((form.get("redirect_uri") ?? grant.redirectUri) !== grant.redirectUri) {
    return failure("redirect_uri_mismatch", "The redirect_uri is not the one of the authorization request.");
  }
  if (!matchesChallenge(form.get("code_verifier"), grant.codeChallenge)) {
    return failure("bad_verification_code", "The code_verifier does not match.");
  }
  return grant;
}

function issueToken({ grants }: RehearsalContext, grant: Grant): Answer {
  const accessToken = `gho_${randomBytes(18).toString("hex")}`;
  grants.addAccessToken(accessToken, grant);
  return { access_token: accessToken, scope: grant.scope.join(","), token_type: "bearer" };
}

function failure(error: string, description: string) {
  return { error, error_description: description, error_uri: "https://docs.github.com/apps/" };
}
