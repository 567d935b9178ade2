import { verify } from "node:crypto";
import { asObject } from "../../oauth/json.ts";
import { isLoopbackHttp, type RehearsalClient } from "../clients.ts";
import type { Handler, RehearsalContext } from "../context.ts";
import { messagePage } from "../pages/message-page.ts";
import { seeOther } from "../responses.ts";
import { issueLogoutToken, sendLogoutToken } from "./logout-token.ts";

/**
 * RP-initiated logout (OpenID Connect RP-Initiated Logout §2), for GET and POST: ends the session that the hint names,
 * tells the application's server when it is registered for that, and sends the person back to a registered address.
 */
export const logout: Handler = async (context, { url, form, locale }) => {
  const parameter = (name: string) => url.searchParams.get(name) ?? form.get(name);
  const refuse = (reason: string) => messagePage(400, locale, "badRequest", reason);

  const hint = readHint(context, parameter("id_token_hint"));
  if (hint === "invalid") return refuse("id_token_hint is no ID token of this provider");
  const clientId = parameter("client_id") ?? hint?.clientId ?? null;
  if (hint !== null && hint.clientId !== clientId) return refuse("client_id is not the one of the hint");
  const client = clientId === null ? null : context.clients.find(clientId);
  if (clientId !== null && client === null) return refuse("client_id is unknown");

  const target = parameter("post_logout_redirect_uri");
  if (target !== null && !mayReturn(context, client, target)) {
    return refuse("post_logout_redirect_uri is not registered, or not http on this machine");
  }
  if (hint !== null) await endSession(context, client, hint.sid);
  if (target === null) return messagePage(200, locale, "signedOut", null);
  const back = new URL(target);
  const state = parameter("state");
  if (state !== null) back.searchParams.append("state", state);
  return seeOther(back);
};

interface Hint {
  readonly clientId: string;
  readonly sid: string | null;
}

/** An ID token of ours, which may have expired (§4); `null` = none was given. */
function readHint({ keys, issuer }: RehearsalContext, token: string | null): Hint | "invalid" | null {
  if (token === null) return null;
  const [header = "", body = "", signature = ""] = token.split(".");
  const bytes = Buffer.from(signature, "base64url");
  const known = keys.published().keys;
  const signed = known.some((key) =>
    verify("sha256", Buffer.from(`${header}.${body}`), { key, format: "jwk" }, bytes),
  );
  const claims = signed ? asObject(JSON.parse(Buffer.from(body, "base64url").toString())) : null;
  if (claims === null || typeof claims.aud !== "string") return "invalid";
  if (typeof claims.iss !== "string" || !claims.iss.startsWith(issuer)) return "invalid";
  return { clientId: claims.aud, sid: typeof claims.sid === "string" ? claims.sid : null };
}

function mayReturn({ clients }: RehearsalContext, client: RehearsalClient | null, target: string): boolean {
  const registered = client?.postLogoutRedirectUris;
  if (registered !== undefined) return registered.includes(target);
  return (client !== null || !clients.restricted) && isLoopbackHttp(target);
}

async function endSession(
  context: RehearsalContext,
  client: RehearsalClient | null,
  sid: string | null,
): Promise<void> {
  const session = sid === null ? null : context.sessions.find(sid);
  if (session === null || !context.sessions.end(session.sid)) return;
  if (client?.backChannelLogoutUri === undefined) return;
  const wish = { clientId: session.clientId, persona: session.personaId, sid: session.sid };
  // Who cannot be told does not keep the person from signing out.
  await sendLogoutToken(client.backChannelLogoutUri, await issueLogoutToken(context, wish)).catch(() => {});
}
