import { html } from "hono/html";
import { messages as messagesFor } from "../i18n/messages.ts";
import { icon } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { signInHref } from "./links.ts";
import { say } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

export interface SignedOutView {
  /** Name of a provider where the person may still be signed in, in the language of the page; `null` = not known. */
  readonly stillSignedInAt: string | null;
}

/** The page after signing out. It never leads back by itself: the next sign-in is a press on a button. */
export function signedOutPage(context: PageContext, view: SignedOutView): string {
  const messages = messagesFor(context.locale);
  const { title, sentence, stillSignedInAt, signInAgain } = messages.signedOut;
  const content = html`${brandMark(context, true)}
<p class="turn done">${icon("done")}<span>${say(sentence(context.brand.name[context.locale]))}</span></p>
<h1>${title}</h1>
${view.stillSignedInAt === null ? null : html`<p class="lead">${say(stillSignedInAt(view.stillSignedInAt))}</p>`}
<div class="actions"><a class="button primary" href="${signInHref(context, "/")}">${signInAgain}</a></div>`;
  return layout(context, { title, shape: "card", content, help: true });
}
