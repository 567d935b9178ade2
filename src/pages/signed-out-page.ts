import { html } from "hono/html";
import { type Messages, messages as messagesFor } from "../i18n/messages.ts";
import { icon } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { returnHref, signInHref } from "./links.ts";
import { type Markup, say } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

export interface SignedOutView {
  /** Name of a provider where the person may still be signed in, in the language of the page; `null` = not known. */
  readonly stillSignedInAt: string | null;
  /** Name of a provider that has signed them out too. Default none. */
  readonly signedOutAt?: string | null;
  /** Whether a link leads to the provider where they may still be signed in, for signing out there. Default false. */
  readonly offer?: boolean;
  /** The provider that the browser goes on to at once, to be signed out there too. Default none. */
  readonly goingTo?: { readonly name: string; readonly url: string } | null;
  /** Whether every other device has been signed out, too. Default false. */
  readonly everywhere?: boolean;
  /** The front end on another origin that they signed out of, and will want to be back at. Default none. */
  readonly frontEnd?: string | null;
}

/** The page after signing out. It never leads back by itself: the next sign-in is a press on a button. */
export function signedOutPage(context: PageContext, view: SignedOutView): string {
  const messages = messagesFor(context.locale);
  const { title, sentence, sentenceEverywhere, signInAgain, alsoSignedOutAt } = messages.signedOut;
  const app = context.brand.name[context.locale];
  const { stillSignedInAt, signedOutAt = null, offer = false, goingTo = null, frontEnd = null } = view;
  const content = html`${brandMark(context, true)}
<p class="turn done">${icon("done")}<span>${say(view.everywhere ? sentenceEverywhere(app) : sentence(app))}</span></p>
<h1>${title}</h1>
${stillSignedInAt === null ? null : html`<p class="lead">${say(messages.signedOut.stillSignedInAt(stillSignedInAt))}</p>`}
${signedOutAt === null ? null : html`<p class="lead">${say(alsoSignedOutAt(signedOutAt))}</p>`}
${goingTo === null ? null : html`<p class="lead">${say(messages.signedOut.goingTo(goingTo.name))}</p>`}
<div class="actions"><a class="button primary" href="${signInHref(context, frontEnd ?? "/")}">${signInAgain}</a>${frontEnd === null ? null : backLink(context, frontEnd, messages)}${
    offer && stillSignedInAt !== null
      ? thereLink(`${context.mountPath}/signed-out/provider`, stillSignedInAt, messages)
      : null
  }${goingTo === null ? null : thereLink(goingTo.url, goingTo.name, messages)}</div>`;
  return layout(context, { title, shape: "card", content, help: true, goesTo: goingTo?.url });
}

function backLink(context: PageContext, frontEnd: string, { signedOut }: Messages): Markup {
  return html`<a class="button" href="${returnHref(context, frontEnd)}"><span>${say(signedOut.backTo(new URL(frontEnd).host))}</span></a>`;
}

function thereLink(href: string, provider: string, { signedOut }: Messages): Markup {
  return html`<a class="button" href="${href}"><span>${say(signedOut.signOutThere(provider))}</span></a>`;
}
