import { startLogin } from "../../login/start-login.ts";
import { signInHref } from "../../pages/links.ts";
import { isPageNavigation } from "../../web/navigation.ts";
import type { LocalPath } from "../../web/return-to.ts";
import { requestOrigin } from "../../web/same-origin.ts";
import type { Call } from "../call.ts";
import { answerRefusedLogin } from "../error-answer.ts";
import { returnPath } from "../read-call.ts";
import { readForm } from "../read-form.ts";
import { redirect } from "../responses.ts";

/** `POST /auth/sign-in/{provider}`: off to the provider. */
export async function startSignIn(call: Call): Promise<Response> {
  const form = await readForm(call.request);
  const given = form.has("return_to") ? form : call.url.searchParams;
  return start(call, returnPath(call.runtime.settings.mountPath, given.getAll("return_to")));
}

/**
 * `GET /auth/sign-in/{provider}`: a link may begin a sign-in only from our own pages or typed by hand, which the browser
 * vouches for with Fetch Metadata; from anywhere else it leads to the sign-in page, so that no site can sign people in.
 */
export async function startSignInByLink(call: Call): Promise<Response> {
  const { request, runtime } = call;
  const vouchedFor = request.headers.get("sec-fetch-mode") === "navigate" && isPageNavigation(request);
  const origin = requestOrigin(request, runtime.settings.publicUrl.origin, []);
  return vouchedFor && origin === "same"
    ? start(call, call.returnTo)
    : redirect(signInHref(runtime.settings, call.returnTo));
}

async function start(call: Call, returnTo: LocalPath): Promise<Response> {
  const { runtime, visit, params } = call;
  const started = await startLogin(runtime, { provider: params.provider ?? "", returnTo, visit });
  if (started.kind === "refused") return answerRefusedLogin(call, started);
  return redirect(started.location, started.cookies);
}
