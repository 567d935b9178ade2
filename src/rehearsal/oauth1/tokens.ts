import { randomBytes } from "node:crypto";
import type { Handler } from "../context.ts";
import { spendCode } from "../spend-code.ts";
import { readSignedRequest, refused } from "./signed-request.ts";

/** `POST /oauth/request_token`: a temporary token, before the person is sent anywhere (RFC 5849 §2.1). */
export const temporaryToken: Handler = (context, call) => {
  const request = readSignedRequest(context, call, () => null);
  if (request.kind === "refused") return request.response;
  const callback = request.oauth.get("oauth_callback") ?? "";
  const client = context.clients.find(request.clientId);
  if (client === null || !context.clients.allowsRedirect(client, callback)) {
    return refused(403, 415, "Callback URL not approved for this client application.").response;
  }
  const { token, secret } = context.temporaryCredentials.begin(request.clientId, callback);
  return form({ oauth_token: token, oauth_token_secret: secret, oauth_callback_confirmed: "true" });
};

/** `POST /oauth/access_token`: the temporary token and the verifier against one that stays (RFC 5849 §2.3). */
export const accessToken: Handler = (context, call) => {
  const { temporaryCredentials, grants, people } = context;
  const request = readSignedRequest(context, call, temporaryCredentials.find);
  if (request.kind === "refused") return request.response;
  const { clientId, token: temporary, oauth } = request;
  const verifier = oauth.get("oauth_verifier") ?? call.form.get("oauth_verifier") ?? "";
  const grant = spendCode(context, { flavour: "oauth1", clientId, code: verifier });
  const persona = typeof grant === "string" ? null : people.find(grant.personaId);
  if (temporary === null || typeof grant === "string" || persona === null) return invalidVerifier();
  if (grant.asked.oauth_token !== temporary.token) return invalidVerifier();

  temporaryCredentials.end(temporary.token);
  const token = `${persona.github.id}-${randomBytes(20).toString("hex")}`;
  const secret = randomBytes(30).toString("base64url");
  grants.addAccessToken(token, grant);
  temporaryCredentials.keep({ token, secret, clientId });
  return form({
    oauth_token: token,
    oauth_token_secret: secret,
    user_id: String(persona.github.id),
    screen_name: persona.github.login,
  });
};

function invalidVerifier(): Response {
  return refused(401, 32, "Could not authenticate you.").response;
}

/** Form-encoded, and called HTML. */
function form(members: Record<string, string>): Response {
  return new Response(new URLSearchParams(members).toString(), {
    headers: { "content-type": "text/html;charset=utf-8", "cache-control": "no-store" },
  });
}
