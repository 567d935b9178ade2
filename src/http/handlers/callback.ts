import { finishLogin } from "../../login/finish-login.ts";
import type { SteppedUp } from "../../login/finish-step-up.ts";
import { dropSignOut } from "../../logout/sign-out-cookie.ts";
import { clearCookie, setCookie } from "../../web/cookie-names.ts";
import { readCookie } from "../../web/cookies.ts";
import type { Call } from "../call.ts";
import { answerRefusedLogin, prefersJson } from "../error-answer.ts";
import { leadOn } from "../lead-on.ts";
import { readForm } from "../read-form.ts";
import { redirect } from "../responses.ts";
import { answerApplicant, answerApproved } from "./access-request.ts";

const LAST_PROVIDER_LIFETIME = 180 * 24 * 60 * 60; // seconds

/** `GET`, `POST /auth/callback/{provider}`: the browser comes back from the provider. */
export async function finishCallback(call: Call): Promise<Response> {
  const { runtime, request, url, params, visit } = call;
  const provider = params.provider ?? "";
  const parameters = new URLSearchParams(url.searchParams);
  // Both places count as one: what stands in the query and again in the body stands twice.
  if (request.method === "POST")
    for (const [name, value] of await readForm(request)) parameters.append(name, value);

  const finished = await finishLogin(runtime, { provider, parameters, visit });
  if (finished.kind === "refused") {
    const { application } = finished;
    return application === undefined || prefersJson(request)
      ? answerRefusedLogin(call, finished)
      : answerApplicant(call, finished, application);
  }
  if (finished.kind === "restart") return redirect(finished.location, finished.cookies);

  if (finished.kind === "linked") {
    const { mountPath } = runtime.settings;
    return redirect(`${mountPath}/account?${finished.isNew ? "linked" : "linked_already"}`, finished.cookies);
  }
  if (finished.kind === "stepped-up") return answerSteppedUp(call, finished);
  const { settings } = runtime;
  const { cookies } = settings;
  const kept = [
    ...finished.cookies,
    setCookie(cookies, {
      name: cookies.session,
      value: finished.secret,
      maxAge: Math.floor(settings.session.absolute / 1000),
    }),
    // It has made its owner, or there is one already.
    ...(readCookie(visit.cookies, cookies.ownerLink) === null
      ? []
      : [clearCookie(cookies, cookies.ownerLink)]),
    // Who has come in need not ask any more.
    ...(readCookie(visit.cookies, cookies.accessRequest) === null
      ? []
      : [clearCookie(cookies, cookies.accessRequest)]),
    // A sign-out that was not taken to its end at the provider must not end there what has just begun.
    ...(readCookie(visit.cookies, cookies.signOut) === null ? [] : [dropSignOut(runtime)]),
    setCookie(cookies, { name: cookies.lastProvider, value: provider, maxAge: LAST_PROVIDER_LIFETIME }),
  ];
  return finished.approved
    ? answerApproved(call, finished.returnTo, kept)
    : leadOn(call, finished.returnTo, kept);
}

/** Back to where they were; the session has the same end as before, and another secret. */
function answerSteppedUp(call: Call, { secret, expiresAt, returnTo, cookies }: SteppedUp): Response {
  const { runtime } = call;
  const maxAge = Math.max(Math.floor((expiresAt - runtime.now()) / 1000), 1);
  const session = setCookie(runtime.settings.cookies, {
    name: runtime.settings.cookies.session,
    value: secret,
    maxAge,
  });
  return leadOn(call, returnTo, [...cookies, session]);
}
