import { html } from "hono/html";
import type { Messages } from "../i18n/messages.ts";
import { linkAction, unlinkAction } from "./links.ts";
import { type Markup, say } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

/** What the account page asks before it is done: to go on adding an account, or whether to take one away. */
export type AccountQuestion =
  | { readonly kind: "add"; readonly providerId: string; readonly provider: string }
  | {
      readonly kind: "remove";
      /** `idn_…` */
      readonly id: string;
      /** Name in the language of the page. */
      readonly provider: string;
      /** What the person is called there, or their e-mail; `null` = neither is known. */
      readonly handle: string | null;
      /** Whether the session that asks was opened by it and ends with it. */
      readonly endsThisSession: boolean;
    };

/** The question as a section of its own, with the one button that does it and the way out. */
export function questionSection(
  context: PageContext,
  question: AccountQuestion | null,
  messages: Messages,
): Markup | null {
  if (question === null) return null;
  const { ask } = messages.account;
  const leave = (label: string) => html`<a class="button" href="${context.mountPath}/account">${label}</a>`;
  if (question.kind === "add") {
    return html`<section class="panel" aria-labelledby="question">
<h2 id="question">${say(ask.addTitle(question.provider))}</h2>
<p class="lead">${say(ask.addSentence(question.provider))}</p>
<div class="actions"><form method="post" action="${linkAction(context, question.providerId)}"><button class="button primary"><span>${say(messages.signIn.continueWith(question.provider))}</span></button></form>
${leave(messages.stepUp.notNow)}</div>
</section>`;
  }
  return html`<section class="panel" aria-labelledby="question">
<h2 id="question">${say(ask.removeTitle(question.provider, question.handle))}</h2>
<p class="lead">${question.endsThisSession ? ask.removeSentenceHere : ask.removeSentence}</p>
<div class="actions"><form method="post" action="${unlinkAction(context, question.id)}"><button class="button danger">${ask.remove}</button></form>
${leave(ask.leave)}</div>
</section>`;
}
