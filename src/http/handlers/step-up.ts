import { startStepUp } from "../../login/start-step-up.ts";
import type { Identity } from "../../model/identity.ts";
import { stepUpHref } from "../../pages/links.ts";
import { type StepUpWay, stepUpPage } from "../../pages/step-up-page.ts";
import type { Provider } from "../../providers/provider.ts";
import type { SignedInCall } from "../call.ts";
import { answerRefusedLogin } from "../error-answer.ts";
import { signInOrigins } from "../form-action.ts";
import { pageContext } from "../page-context.ts";
import { readReturnTo } from "../read-call.ts";
import { readForm } from "../read-form.ts";
import { page, redirect } from "../responses.ts";

/** `GET /auth/step-up`: how somebody who is signed in can confirm that it is them. */
export async function showStepUp(call: SignedInCall): Promise<Response> {
  const { runtime, self, returnTo, locale } = call;
  const identities = await runtime.store.identities.ofUser(self.user.id);
  const live = [...runtime.providers.values()].filter(({ id }) =>
    identities.some(({ provider }) => provider === id),
  );
  const ways = live.map((provider) => wayOf(provider, identities, locale));
  const html = stepUpPage(pageContext(call, stepUpHref(runtime.settings, returnTo), self.user), {
    ways,
    returnTo,
  });
  return page(call, html, { formAction: await signInOrigins(live, returnTo) });
}

function wayOf(
  provider: Provider,
  identities: readonly Identity[],
  locale: SignedInCall["locale"],
): StepUpWay {
  const there = identities.filter((identity) => identity.provider === provider.id);
  const handles = there.map(({ handle, email }) => handle ?? email).filter((name) => name !== null);
  return { providerId: provider.id, provider: provider.name[locale], mark: provider.mark, handles };
}

/** `POST /auth/step-up/{provider}`: off to the provider, to sign in there anew. */
export async function startStepUpByButton(call: SignedInCall): Promise<Response> {
  const { runtime, self, params, visit } = call;
  const form = await readForm(call.request);
  const given = form.has("return_to") ? form : call.url.searchParams;
  const returnTo = readReturnTo(runtime.settings, given.getAll("return_to"));
  const attempt = { provider: params.provider ?? "", userId: self.user.id, returnTo, visit };
  const started = await startStepUp(runtime, attempt);
  if (started.kind === "refused") return answerRefusedLogin(call, started);
  return redirect(started.location, started.cookies);
}
