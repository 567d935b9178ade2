import { signedOutPage } from "../../pages/signed-out-page.ts";
import { endSession } from "../../sessions/end-session.ts";
import { clearCookie } from "../../web/cookie-names.ts";
import type { Call } from "../call.ts";
import { pageContext } from "../page-context.ts";
import { page, redirect } from "../responses.ts";

/** `POST /auth/sign-out`: ends the session of this browser. Pressing it twice, or too late, ends just as well. */
export async function signOut(call: Call): Promise<Response> {
  const { runtime, visit } = call;
  const principal = await call.principal();
  if (principal !== null) {
    const { session, user } = principal;
    await endSession(
      runtime,
      { id: session.id, userId: user.id },
      { actor: user.id, reason: "signed_out", address: visit.address },
    );
  }
  const { cookies, settings } = runtime;
  return redirect(`${settings.mountPath}/signed-out`, [
    clearCookie(cookies, cookies.session),
    // Without the mark no stale tab begins a sign-in by itself: after signing out the way in is a press on a button.
    clearCookie(cookies, cookies.browser),
  ]);
}

/** `GET /auth/signed-out`. */
export async function showSignedOut(call: Call): Promise<Response> {
  return page(call, signedOutPage(pageContext(call, call.url.pathname), { stillSignedInAt: null }));
}
