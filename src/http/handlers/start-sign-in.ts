import { startLogin } from "../../login/start-login.ts";
import { signInHref } from "../../pages/links.ts";
import { isPageNavigation } from "../../web/navigation.ts";
import type { ReturnTarget } from "../../web/return-target.ts";
import { requestOrigin } from "../../web/same-origin.ts";
import type { Call } from "../call.ts";
import { answerRefusedLogin } from "../error-answer.ts";
import { readReturnTo } from "../read-call.ts";
import { readForm } from "../read-form.ts";
import { redirect } from "../responses.ts";

/** `POST /auth/sign-in/{provider}`: off to the provider. */
export async function startSignIn(call: Call): Promise<Response> {
  const form = await readForm(call.request);
  const given = form.has("return_to") ? form : call.url.searchParams;
  return start(call, readReturnTo(call.runtime.settings, given.getAll("return_to")));
}

/**
 * `GET /auth/sign-in/{provider}`: a link may begin a sign-in only from our own pages, from a listed front end, or typed
 * by hand, which the browser vouches for with Fetch Metadata; from anywhere else it leads to the sign-in page, so that no
 * site can sign people in.
 */
export async function startSignInByLink(call: Call): Promise<Response> {
  const { request, runtime } = call;
  const vouchedFor = request.headers.get("sec-fetch-mode") === "navigate" && isPageNavigation(request);
  const origin = requestOrigin(request, runtime.settings.publicUrl.origin, []);
  return vouchedFor && (origin === "same" || comesFromFrontEnd(call))
    ? start(call, call.returnTo)
    : redirect(signInHref(runtime.settings, call.returnTo));
}

/**
 * A link carries no `Origin`. Its referrer is written by the browser and names the page, and Fetch Metadata says that no
 * other site stood between; a front end that sends no referrer merely sees the sign-in page first.
 */
function comesFromFrontEnd({ request, runtime }: Call): boolean {
  const referrer = URL.parse(request.headers.get("referer") ?? "")?.origin;
  return (
    request.headers.get("sec-fetch-site") === "same-site" &&
    referrer !== undefined &&
    runtime.settings.allowedOrigins.includes(referrer)
  );
}

async function start(call: Call, returnTo: ReturnTarget): Promise<Response> {
  const { runtime, visit, params } = call;
  const started = await startLogin(runtime, { provider: params.provider ?? "", returnTo, visit });
  if (started.kind === "refused") return answerRefusedLogin(call, started);
  return redirect(started.location, started.cookies);
}
