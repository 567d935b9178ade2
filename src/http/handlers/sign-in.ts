import { messages } from "../../i18n/messages.ts";
import { keptInvitation } from "../../invitations/invitation-cookie.ts";
import { signInHref } from "../../pages/links.ts";
import { type ProviderChoice, signInPage } from "../../pages/sign-in-page.ts";
import { readCookie } from "../../web/cookies.ts";
import { isFrontEndUrl } from "../../web/return-target.ts";
import type { Call } from "../call.ts";
import { signInOrigins } from "../form-action.ts";
import { pageContext } from "../page-context.ts";
import { page } from "../responses.ts";

/** `GET /auth/sign-in`: one button per provider. */
export async function showSignIn(call: Call): Promise<Response> {
  const { runtime, locale, returnTo } = call;
  const lastUsed = readCookie(call.visit.cookies, runtime.settings.cookies.lastProvider);
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
    readCookie(call.visit.cookies, runtime.settings.cookies.session) !== null &&
    (await call.principal()) === null;
  const texts = messages(locale).signIn;
  const isInvited = keptInvitation(runtime, call.visit.cookies) !== null;
  const text = isInvited ? texts.invited : sessionEnded ? texts.sessionEnded : null;
  const html = signInPage(pageContext(call, signInHref(runtime.settings, returnTo)), {
    providers: choices,
    returnTo: { path: returnTo, label: placeName(call) },
    notice: text === null ? null : { kind: "info", text, reference: null },
    setupHint: false,
  });
  return page(call, html, { formAction: await signInOrigins(providers, returnTo) });
}

/** What a place of the application is called; of a front end plainly its host, so that nobody is led on unawares. */
function placeName({ runtime, locale, returnTo }: Call): string | null {
  if (isFrontEndUrl(returnTo)) return new URL(returnTo).host;
  const { places } = runtime.settings.brand;
  const path = returnTo.split(/[?#]/, 1)[0] ?? "";
  return Object.hasOwn(places, path) ? (places[path]?.[locale] ?? null) : null;
}
