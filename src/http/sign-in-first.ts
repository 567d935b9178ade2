import type { Settings } from "../options.ts";
import { signInHref, stepUpHref } from "../pages/links.ts";
import type { Runtime } from "../runtime.ts";
import { header, type RequestHead } from "../web/headers.ts";
import { isPageNavigation } from "../web/navigation.ts";
import { ownAddress } from "../web/own-address.ts";
import { problem } from "../web/problem.ts";
import { type FrontEndUrl, frontEndUrl, type ReturnTarget } from "../web/return-target.ts";
import { localPathOrHome } from "../web/return-to.ts";
import type { Call, Connection } from "./call.ts";
import { redirect } from "./responses.ts";

/** A request as guards see it; `url` may be a path or a whole address. */
export interface GuardedRequest extends RequestHead {
  readonly url?: string | undefined;
  /** Where it came from, such as the socket of a Node request: asked only when a key is refused. */
  readonly connection?: Connection | undefined;
}

/** Nobody is signed in: a page navigation is led to the sign-in page, anything else is told in JSON. */
export function askToSignIn(runtime: Pick<Runtime, "settings">, request: GuardedRequest): Response {
  return isPageNavigation(request)
    ? redirect(signInHref(runtime.settings, wayBack(runtime, request)))
    : signInProblem(runtime, request);
}

/** The same for a program: never a redirect, which a script could neither follow nor read. */
export function signInProblem(runtime: Pick<Runtime, "settings">, request: GuardedRequest): Response {
  const { settings } = runtime;
  return problem("authentication_required", {
    detail: "Sign in first.",
    signInUrl: settings.publicUrl.origin + signInHref(settings, wayBack(runtime, request)),
  });
}

/**
 * Somebody is signed in, but has not confirmed for `within` milliseconds that it is them: a page navigation is led to the
 * page where they can, anything else is told in JSON.
 */
export function askToStepUp(
  runtime: Pick<Runtime, "settings">,
  request: GuardedRequest,
  within: number,
): Response {
  const stepUpUrl = stepUpHref(runtime.settings, wayBack(runtime, request));
  if (isPageNavigation(request)) return redirect(stepUpUrl);
  return problem("step_up_required", {
    detail: "Sign in once more to confirm that it is you.",
    stepUpUrl: runtime.settings.publicUrl.origin + stepUpUrl,
    maxAgeSeconds: within / 1000,
  });
}

/** The same as `askToSignIn` for a door of our own. */
export function signInFirst({ runtime, request }: Call): Response {
  return askToSignIn(runtime, request);
}

/** The page asked for, or the page whose form or script asked, be it a front end's; home when neither is known. */
function wayBack({ settings }: Pick<Runtime, "settings">, request: GuardedRequest): ReturnTarget {
  const frontEnd = frontEndAsking(settings, request);
  if (frontEnd !== null) return frontEnd;
  const reading = request.method === undefined || request.method === "GET" || request.method === "HEAD";
  const wanted = reading && isPageNavigation(request) ? pathOf(request.url, settings.publicUrl) : null;
  const from = header(request.headers, "referer");
  return localPathOrHome(
    wanted ?? (from?.startsWith(`${settings.publicUrl.origin}/`) ? pathOf(from, settings.publicUrl) : null),
  );
}

/** The front end that a request comes from, `null` = none: by `Origin`, which only a browser writes; the referrer may know the page as well. */
export function frontEndAsking(
  { allowedOrigins }: Pick<Settings, "allowedOrigins">,
  { headers }: RequestHead,
): FrontEndUrl | null {
  const origin = header(headers, "origin");
  if (origin === null || !allowedOrigins.includes(origin)) return null;
  return frontEndUrl(header(headers, "referer"), [origin]) ?? frontEndUrl(`${origin}/`, [origin]);
}

function pathOf(url: string | undefined, base: URL): string | null {
  const own = ownAddress(url, base);
  return own === null ? null : own.pathname + own.search;
}
