import { isLoopbackHttp } from "../clients.ts";
import type { Handler } from "../context.ts";
import { messagePage } from "../pages/message-page.ts";
import { seeOther } from "../responses.ts";

/**
 * RP-initiated logout (OpenID Connect RP-Initiated Logout §2), for GET and POST. The picker remembers nobody, so there
 * is nothing to end: it sends people back, or says goodbye.
 */
export const logout: Handler = ({ clients }, { url, form, locale }) => {
  const parameter = (name: string) => url.searchParams.get(name) ?? form.get(name);
  const target = parameter("post_logout_redirect_uri");
  if (target === null) return messagePage(200, locale, "signedOut", null);
  const client = clients.find(parameter("client_id") ?? "");
  const allowed = isLoopbackHttp(target) || (client !== null && clients.allowsRedirect(client, target));
  if (!allowed)
    return messagePage(400, locale, "badRequest", "post_logout_redirect_uri is not http on this machine");
  const back = new URL(target);
  const state = parameter("state");
  if (state !== null) back.searchParams.append("state", state);
  return seeOther(back);
};
