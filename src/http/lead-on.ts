import { handOverPage } from "../pages/hand-over-page.ts";
import { isBrowserNavigation } from "../web/navigation.ts";
import { frontEndUrl, isFrontEndUrl, type ReturnTarget } from "../web/return-target.ts";
import { HOME } from "../web/return-to.ts";
import type { Call } from "./call.ts";
import { pageContext } from "./page-context.ts";
import { page, redirect } from "./responses.ts";

/**
 * To where somebody wanted to be, now that they are signed in. To a path of ours by a redirect; to a front end on another
 * origin by a page that goes on by itself. Chromium applies the `form-action` of the page that began the chain to every
 * redirect in it, and that page is often the provider's own ("Authorize"): it names our callback, and never heard of the
 * front end. A client that is no browser is redirected all the same.
 */
export function leadOn(call: Call, returnTo: ReturnTarget, cookies: readonly string[]): Response {
  if (!isFrontEndUrl(returnTo)) return redirect(returnTo, cookies);
  const { settings } = call.runtime;
  // It was sealed minutes ago; the front end may have been taken off the list since.
  const frontEnd = frontEndUrl(returnTo, settings.allowedOrigins);
  if (frontEnd === null) return redirect(HOME, cookies);
  if (!isBrowserNavigation(call.request)) return redirect(frontEnd, cookies);
  const here = `${settings.mountPath}/account`;
  return page(call, handOverPage(pageContext(call, here), frontEnd), { cookies });
}
