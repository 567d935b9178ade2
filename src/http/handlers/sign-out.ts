import { constantTimeEqual } from "../../crypto/hash.ts";
import { endUnusable } from "../../logout/end-unusable.ts";
import { leaveForProvider } from "../../logout/leave-for-provider.ts";
import { signOut as endSession } from "../../logout/sign-out.ts";
import { findSignOut, keepSignOut, type SignOutUnderWay } from "../../logout/sign-out-cookie.ts";
import { type SignedOutView, signedOutPage } from "../../pages/signed-out-page.ts";
import { clearCookie } from "../../web/cookie-names.ts";
import { readCookie } from "../../web/cookies.ts";
import { isBrowserNavigation } from "../../web/navigation.ts";
import { requestOrigin } from "../../web/same-origin.ts";
import type { Call, SignedInCall } from "../call.ts";
import { prefersJson } from "../error-answer.ts";
import { pageContext } from "../page-context.ts";
import { json, page, redirect } from "../responses.ts";
import { frontEndAsking } from "../sign-in-first.ts";

/**
 * `POST /auth/sign-out`: ends the session of this browser. Pressing it twice, or too late, ends just as well. A page
 * goes on to `/auth/signed-out`, and from there to the provider; a program is told where, and decides for itself.
 */
export async function signOut(call: Call): Promise<Response> {
  return afterSigningOut(call, await endOwnSession(call, "here"));
}

/** `POST /auth/account/sign-out-everywhere`: the same for every device of mine, this one too. */
export async function signOutEverywhere(call: SignedInCall): Promise<Response> {
  return afterSigningOut(call, await endOwnSession(call, "everywhere"));
}

async function afterSigningOut(call: Call, underWay: SignOutUnderWay | null): Promise<Response> {
  const { runtime, request } = call;
  const { cookies } = runtime.settings;
  const cleared = [
    clearCookie(cookies, cookies.session),
    // Without the mark no stale tab begins a sign-in by itself: after signing out the way in is a press on a button.
    clearCookie(cookies, cookies.browser),
  ];
  if (!prefersJson(request)) {
    const kept = underWay === null ? [] : [keepSignOut(runtime, underWay)];
    return redirect(signedOutPath(call), [...cleared, ...kept]);
  }
  const leaving = underWay?.stage === "leave" ? await leaveForProvider(runtime, underWay) : null;
  const kept = underWay === null ? [] : [keepSignOut(runtime, leaving?.underWay ?? underWay)];
  const answer = json({ endSessionUrl: leaving?.location?.href ?? null });
  for (const cookie of [...cleared, ...kept]) answer.headers.append("set-cookie", cookie);
  return answer;
}

async function endOwnSession(
  { runtime, request, principal, visit }: Call,
  reach: "here" | "everywhere",
): Promise<SignOutUnderWay | null> {
  const secret = readCookie(visit.cookies, runtime.settings.cookies.session);
  if (secret === null) return null;
  const self = await principal();
  const underWay =
    self === null
      ? await endUnusable(runtime, secret, visit)
      : await endSession(runtime, self, secret, { actor: self.user.id, address: visit.address }, reach);
  const frontEnd = frontEndAsking(runtime.settings, request);
  return underWay === null || frontEnd === null ? underWay : { ...underWay, frontEnd };
}

/** `GET /auth/signed-out`: says what was done, once the browser has been where something is still to be done. */
export async function showSignedOut(call: Call): Promise<Response> {
  const { runtime, visit, url } = call;
  const underWay = findSignOut(runtime, visit.cookies);
  const state = url.searchParams.get("state");
  if (state !== null) return comeBack(call, underWay, state);
  if (underWay?.stage === "leave") return redirect(`${signedOutPath(call)}/provider`);
  return page(call, signedOutPage(pageContext(call, url.pathname), viewOf(call, underWay)));
}

/**
 * `GET /auth/signed-out/provider`: on to the provider, by a page that goes there at once and not by a redirect. Chromium
 * applies the `form-action` of the page with the sign-out button, which is often the application's own, to every
 * redirect that follows the press. And while the provider is slow, people read that they are signed out here. A client
 * that is no browser is redirected.
 */
export async function leaveSignedOut(call: Call): Promise<Response> {
  const { runtime, request, visit, locale } = call;
  const underWay = findSignOut(runtime, visit.cookies);
  const isWanted = underWay?.stage === "leave" || (underWay?.stage === "offer" && isOwnLink(call));
  if (underWay === null || !isWanted) return redirect(signedOutPath(call));
  const { location, underWay: next } = await leaveForProvider(runtime, underWay);
  const cookies = [keepSignOut(runtime, next)];
  if (location === null || !isBrowserNavigation(request))
    return redirect(location ?? signedOutPath(call), cookies);
  const name = runtime.providers.get(next.provider)?.name[locale] ?? next.provider;
  const goingTo = { name, url: location.href };
  const view = { stillSignedInAt: null, everywhere: next.everywhere ?? false, goingTo };
  return page(call, signedOutPage(pageContext(call, signedOutPath(call)), view), { cookies });
}

/** Back from the provider: only the state that this browser took there tells that it has done what it was asked. */
function comeBack(call: Call, underWay: SignOutUnderWay | null, state: string): Response {
  const own = underWay?.stage === "left" && underWay.state !== null;
  if (!own || !constantTimeEqual(underWay.state ?? "", state)) return redirect(signedOutPath(call));
  return redirect(signedOutPath(call), [keepSignOut(call.runtime, { ...underWay, stage: "done" })]);
}

/** No other site's link may send people there. */
function isOwnLink({ runtime, request }: Call): boolean {
  return requestOrigin(request, runtime.settings.publicUrl.origin, []) === "same";
}

function viewOf({ runtime, locale }: Call, underWay: SignOutUnderWay | null): SignedOutView {
  const frontEnd = underWay?.frontEnd ?? null;
  const everywhere = underWay?.everywhere ?? false;
  const name = underWay === null ? undefined : runtime.providers.get(underWay.provider)?.name[locale];
  if (underWay === null || name === undefined) return { stillSignedInAt: null, everywhere, frontEnd };
  const { stage, state } = underWay;
  // Where no state can come back, coming back is what tells.
  const isDone = stage === "done" || (stage === "left" && state === null);
  if (isDone) return { stillSignedInAt: null, signedOutAt: name, everywhere, frontEnd };
  return { stillSignedInAt: name, offer: stage === "offer", everywhere, frontEnd };
}

function signedOutPath({ runtime }: Call): string {
  return `${runtime.settings.mountPath}/signed-out`;
}
