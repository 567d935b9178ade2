import { signInHref } from "../pages/links.ts";
import type { Runtime } from "../runtime.ts";
import { header, type RequestHead } from "../web/headers.ts";
import { isPageNavigation } from "../web/navigation.ts";
import { problem } from "../web/problem.ts";
import { type LocalPath, localPathOrHome } from "../web/return-to.ts";
import type { Call } from "./call.ts";
import { redirect } from "./responses.ts";

/** A request as guards see it; `url` may be a path or a whole address. */
export interface GuardedRequest extends RequestHead {
  readonly url?: string | undefined;
}

/** Nobody is signed in: a page navigation is led to the sign-in page, anything else is told in JSON. */
export function askToSignIn(runtime: Pick<Runtime, "settings">, request: GuardedRequest): Response {
  const signInUrl = signInHref(runtime.settings, wayBack(runtime, request));
  if (isPageNavigation(request)) return redirect(signInUrl);
  return problem("authentication_required", {
    detail: "Sign in first.",
    signInUrl: runtime.settings.publicUrl.origin + signInUrl,
  });
}

/** The same for a door of our own. */
export function signInFirst({ runtime, request }: Call): Response {
  return askToSignIn(runtime, request);
}

/** The page asked for, or the page whose form or script asked; home when neither is known. */
function wayBack({ settings }: Pick<Runtime, "settings">, request: GuardedRequest): LocalPath {
  const reading = request.method === undefined || request.method === "GET" || request.method === "HEAD";
  const wanted = reading && isPageNavigation(request) ? pathOf(request.url, settings.publicUrl) : null;
  const from = header(request.headers, "referer");
  return localPathOrHome(
    wanted ?? (from?.startsWith(`${settings.publicUrl.origin}/`) ? pathOf(from, settings.publicUrl) : null),
  );
}

function pathOf(url: string | undefined, base: URL): string | null {
  // What stands behind two slashes is part of the path here, and not the host that `URL` would take it for.
  const whole = url?.startsWith("/") ? base.origin + url : url;
  const parsed = whole === undefined ? null : URL.parse(whole);
  return parsed === null ? null : parsed.pathname + parsed.search;
}
