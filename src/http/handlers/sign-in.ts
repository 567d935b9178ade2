import { messages } from "../../i18n/messages.ts";
import { startLogin } from "../../login/start-login.ts";
import { signInHref } from "../../pages/links.ts";
import { type ProviderChoice, signInPage } from "../../pages/sign-in-page.ts";
import { readCookie } from "../../web/cookies.ts";
import { isPageNavigation } from "../../web/navigation.ts";
import type { LocalPath } from "../../web/return-to.ts";
import { requestOrigin } from "../../web/same-origin.ts";
import type { Call } from "../call.ts";
import { answerRefusedLogin } from "../error-answer.ts";
import { pageContext } from "../page-context.ts";
import { returnPath } from "../read-call.ts";
import { readForm } from "../read-form.ts";
import { page, redirect } from "../responses.ts";

/** `GET /auth`: the account page is the only one of ours that people come to on their own. */
export async function goToAccount({ runtime }: Call): Promise<Response> {
  return redirect(`${runtime.settings.mountPath}/account`);
}

/** `GET /auth/sign-in`: one button per provider. */
export async function showSignIn(call: Call): Promise<Response> {
  const { runtime, locale, returnTo } = call;
  const lastUsed = readCookie(call.visit.cookies, runtime.cookies.lastProvider);
  const providers = [...runtime.providers.values()];
  const choices = providers.map(
    (provider): ProviderChoice => ({
      id: provider.id,
      name: provider.name[locale],
      mark: provider.mark,
      lastUsed: provider.id === lastUsed,
      troubled: provider.isTroubled(),
    }),
  );
  // A session that has just ended is told as such; who was never signed in needs no explanation.
  const sessionEnded =
    readCookie(call.visit.cookies, runtime.cookies.session) !== null && (await call.principal()) === null;
  const text = sessionEnded ? messages(locale).signIn.sessionEnded : null;
  const html = signInPage(pageContext(call, signInHref(runtime.settings, returnTo)), {
    providers: choices,
    returnTo: { path: returnTo, label: placeName(call) },
    notice: text === null ? null : { kind: "info", text, reference: null },
    setupHint: false,
  });
  // Browsers apply form-action to the redirects that follow the POST as well.
  const formAction = (await Promise.all(providers.map((provider) => provider.formActionOrigins()))).flat();
  return page(call, html, { formAction });
}

function placeName({ runtime, locale, returnTo }: Call): string | null {
  const { places } = runtime.settings.brand;
  const path = returnTo.split(/[?#]/, 1)[0] ?? "";
  return Object.hasOwn(places, path) ? (places[path]?.[locale] ?? null) : null;
}

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
