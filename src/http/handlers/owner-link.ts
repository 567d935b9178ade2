import { PosternError } from "../../errors.ts";
import { acceptOwnerLink, showOwnerLink } from "../../owner-link/accept-owner-link.ts";
import { reviewBreakGlass } from "../../owner-link/review-break-glass.ts";
import { ownerLinkPage } from "../../pages/owner-link-page.ts";
import { setCookie } from "../../web/cookie-names.ts";
import type { Call, SignedInCall } from "../call.ts";
import { countDeadLink } from "../dead-link.ts";
import { pageContext } from "../page-context.ts";
import { readForm } from "../read-form.ts";
import { page, redirect } from "../responses.ts";

/** `GET /auth/owner-link/{token}`: shows what the link is for; programs that look into mail use nothing up. */
export async function showLink(call: Call): Promise<Response> {
  const secret = call.params.token ?? "";
  const { user } = await showOwnerLink(call.runtime, secret).catch(refuse(call));
  const signsIn = user === null ? null : (user.name ?? user.email ?? user.id);
  return page(call, ownerLinkPage(pageContext(call, call.url.pathname), { secret, signsIn }));
}

/** `POST /auth/owner-link`: uses the link, whose secret stands in the form. @throws PosternError `owner_link_invalid` */
export async function acceptLink(call: Call): Promise<Response> {
  const { runtime, visit } = call;
  const { settings } = runtime;
  const { cookies } = settings;
  const secret = (await readForm(call.request)).get("token");
  if (secret === null) throw new PosternError("owner_link_invalid", "The form holds no token.");
  const accepted = await acceptOwnerLink(runtime, secret, visit).catch(refuse(call));
  if (accepted.kind === "claim") {
    const maxAge = Math.ceil((accepted.expiresAt - runtime.now()) / 1000);
    const kept = setCookie(cookies, { name: cookies.ownerLink, value: secret, maxAge });
    return redirect(`${settings.mountPath}/sign-in`, [kept]);
  }
  const maxAge = Math.floor(settings.session.absolute / 1000);
  const session = setCookie(cookies, { name: cookies.session, value: accepted.secret, maxAge });
  return redirect(`${settings.mountPath}/account`, [session]);
}

/** Counts the links that cannot be used. */
function refuse(call: Call): (error: unknown) => never {
  return (error) => {
    if (error instanceof PosternError && error.code === "owner_link_invalid") countDeadLink(call);
    throw error;
  };
}

/** `POST /auth/account/break-glass/{id}/review`: another owner has looked at it. */
export async function reviewLink(call: SignedInCall): Promise<Response> {
  const { runtime, self, visit } = call;
  await reviewBreakGlass(runtime, call.params.id ?? "", self.user.id, visit.address);
  return redirect(`${runtime.settings.mountPath}/account?reviewed`);
}
