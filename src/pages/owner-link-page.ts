import { html } from "hono/html";
import { messages as messagesFor } from "../i18n/messages.ts";
import { icon } from "./icons.ts";
import { brandMark, layout } from "./layout.ts";
import { say } from "./markup.ts";
import type { PageContext } from "./page-context.ts";

export interface OwnerLinkView {
  /** What the address holds: it goes into the form, and into no address any more. */
  readonly secret: string;
  /** Whom the link signs in; `null` = it makes whoever signs in next the owner. */
  readonly signsIn: string | null;
}

/** The page behind an owner link: opening it does nothing, pressing its button uses it up. */
export function ownerLinkPage(context: PageContext, view: OwnerLinkView): string {
  const { ownerLink } = messagesFor(context.locale);
  const app = context.brand.name[context.locale];
  const text = view.signsIn === null ? ownerLink.claim(app) : ownerLink.signIn(app, view.signsIn);
  const content = html`${brandMark(context, true)}
<p class="turn administrator">${icon("key")}<span>${ownerLink.onceOnly}</span></p>
<h1>${say(text.title)}</h1>
<p class="lead">${say(text.sentence)}</p>
<div class="actions">
<form method="post" action="${context.mountPath}/owner-link">
<input type="hidden" name="token" value="${view.secret}">
<button class="button primary">${say(text.action)}</button>
</form>
</div>`;
  return layout(context, { title: text.title, shape: "card", content, help: false });
}
